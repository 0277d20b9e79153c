import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import {
  concat,
  decodeWav,
  encodeWav,
  nanoUtterances,
  pause,
  seededRandom,
  speakPhrase,
  wordErrorRate,
} from '@sotto/testkit';

/** A recording that is kept with what was frozen, and the words that are spoken in it. */
export interface SpokenRecording {
  name: string;
  text: string;
  wav: Buffer;
}

interface Index {
  clips: { name: string; text: string }[];
  /** Clips one after the other, each with that pause behind it. */
  talks: { name: string; clips: string[]; pauseMs: number }[];
}

const CLIPS = 8;
/** Parts of a talk: of 70 s, in three windows, and of two minutes and a half. */
const TALKS = [16, 16, 16, 16, 36];
/** The longest that stays as it is in a window. sotto-nano misses no word then. */
const PAUSE_MS = 1_200;
/** Between two times the same clip: the model does not know which of two equal words comes next. */
const DISTANCE = 5;
/** A speaker of English for each clip. */
const SPEAKERS = [
  { voice: 'en-us', speed: 127, pitch: 44 },
  { voice: 'en-gb', speed: 148, pitch: 57 },
  { voice: 'en-us+f2', speed: 139, pitch: 51 },
  { voice: 'en-gb+m3', speed: 161, pitch: 38 },
];
/** Bits of a sample that nobody hears, and that take most of the room in a compressed file. */
const INAUDIBLE = 0b111111;

/** Speech that needs no espeak-ng any more: every machine has the same bytes. */
export class Recordings {
  readonly #all: ReadonlyMap<string, SpokenRecording>;

  private constructor(all: readonly SpokenRecording[]) {
    this.#all = new Map(all.map((recording) => [recording.name, recording]));
  }

  static async read(folder: string): Promise<Recordings> {
    const index = JSON.parse(await readFile(join(folder, 'recordings.json'), 'utf8')) as Index;
    const clips = await Promise.all(
      index.clips.map(async (clip) => {
        const wav = await promisify(gunzip)(await readFile(join(folder, `${clip.name}.wav.gz`)));
        return { ...clip, wav };
      }),
    );
    const talks = index.talks.map(({ name, clips: names, pauseMs }): SpokenRecording => {
      const parts = names.map((part) => clips.find((clip) => clip.name === part) as SpokenRecording);
      const samples = concat(...parts.flatMap(({ wav }) => [decodeWav(wav), pause(pauseMs)]));
      return { name, text: parts.map(({ text }) => text).join(' '), wav: encodeWav(samples) };
    });
    return new Recordings([...clips, ...talks]);
  }

  /** Speaks new ones into that folder; only what the model understands without a mistake (`heard`: what it understands). */
  static async make(folder: string, heard: (wav: Buffer) => Promise<string>): Promise<Recordings> {
    await mkdir(folder, { recursive: true });
    const utterances = nanoUtterances(CLIPS, { seed: 7, minWords: 4, maxWords: 4, languages: ['en'] });
    const clips = utterances.map(({ text }, i) => ({ name: `clip-${i + 1}`, text }));
    for (const [i, { name, text }] of clips.entries()) {
      const { samples } = await speakPhrase({ text, ...SPEAKERS[i % SPEAKERS.length] });
      const audible = samples.map((sample) => sample & ~INAUDIBLE);
      const wav = encodeWav(concat(pause(200), audible, pause(200)));
      await writeFile(join(folder, `${name}.wav.gz`), await promisify(gzip)(wav, { level: 9 }));
    }
    const talks: Index['talks'] = [];
    for (let seed = 1; talks.length < TALKS.length; seed += 1) {
      const order = shuffled(TALKS[talks.length] ?? 0, seed).map((clip) => `clip-${clip + 1}`);
      const talk = { name: `talk-${talks.length + 1}`, clips: order, pauseMs: PAUSE_MS };
      const { text, wav } = (await writeIndex(folder, { clips, talks: [...talks, talk] })).get(talk.name);
      if ((await heard(wav)) === text) talks.push(talk);
    }
    return writeIndex(folder, { clips, talks });
  }

  get(name: string): SpokenRecording {
    const recording = this.#all.get(name);
    if (recording === undefined) throw new Error(`There is no recording ${name}.`);
    return recording;
  }

  get clips(): SpokenRecording[] {
    return [...this.#all.values()].filter(({ name }) => name.startsWith('clip-'));
  }

  get talks(): SpokenRecording[] {
    return [...this.#all.values()].filter(({ name }) => name.startsWith('talk-'));
  }

  /** Where these bytes are part of a recording: bare samples, a piece of an upload, or all of it. */
  find(bytes: Buffer): Slice {
    for (const { name, wav } of this.#all.values()) {
      const at = wav.indexOf(bytes);
      if (at >= 0) return [name, at, at + bytes.length];
    }
    throw new Error(`${bytes.length} bytes that are in no recording.`);
  }

  slice([name, start, end]: Slice): Buffer {
    return this.get(name).wav.subarray(start, end);
  }
}

async function writeIndex(folder: string, index: Index): Promise<Recordings> {
  await writeFile(join(folder, 'recordings.json'), `${JSON.stringify(index, null, 1)}\n`);
  return Recordings.read(folder);
}

/**
 * Less than a word of a clip, and less than a window of a talk: on the machine where they were made none of their words was
 * misheard.
 */
const MISHEARD = 0.1;

export const isUnderstood = (said: string, heard: string): boolean => wordErrorRate(said, heard) <= MISHEARD;

/** Bytes of a recording's WAV file. */
export type Slice = [recording: string, startByte: number, endByte: number];

function shuffled(count: number, seed: number): number[] {
  const random = seededRandom(seed);
  const order: number[] = [];
  while (order.length < count) {
    const next = Math.floor(random() * CLIPS);
    if (!order.slice(-DISTANCE).includes(next)) order.push(next);
  }
  return order;
}
