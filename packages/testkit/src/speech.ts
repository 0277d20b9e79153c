import { createHash, randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { copyFile, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { mustRun } from './command.ts';
import { cacheFolder } from './folders.ts';
import { durationMsOf, readWav } from './pcm.ts';

export interface Voice {
  /** An espeak-ng voice; sotto-nano knows those of NANO_VOICES. */
  voice?: string;
  /** Words per minute. */
  speed?: number;
  /** 0-100. */
  pitch?: number;
}

export interface SpeakOptions extends Voice {
  /** Also copies the file there. */
  path?: string;
}

export interface Speech {
  text: string;
  /** A WAV file, 16 kHz mono; in the cache unless a path was asked for. */
  path: string;
  samples: Int16Array;
  durationMs: number;
}

export interface SpokenWord {
  word: string;
  startMs: number;
}

export interface TimedSpeech extends Speech {
  /** True starts, as espeak-ng reports them. Words that it joins ("in the") give one entry, for the first of them. */
  words: SpokenWord[];
}

const SPEAK_WITH_TIMES = fileURLToPath(new URL('../assets/speak_with_times.py', import.meta.url));
/** Changes when the way speech is made does, so that old files are not taken for new ones. */
const RECIPE = 'espeak-ng|sox|16k|1';

/** espeak-ng speaks `text`; the same words in the same voice are spoken once per machine. */
export async function speak(text: string, options: SpeakOptions = {}): Promise<Speech> {
  const { voice, speed, pitch } = voiceOf(options);
  const cached = await cachedPath('speak', text, { voice, speed, pitch });
  if (!existsSync(cached)) {
    await make(cached, (raw) =>
      mustRun('espeak-ng', ['-v', voice, '-s', String(speed), '-p', String(pitch), '-w', raw, '--', text]),
    );
  }
  return deliver(text, cached, options.path);
}

/**
 * As speak, with the true start of each word: for connected speech, plain letters and simple punctuation only.
 * `voice` is a voice name (en-us, en-us+f2, es, de+m3), not a bare language code such as en-gb.
 */
export async function speakWithTimes(text: string, options: SpeakOptions = {}): Promise<TimedSpeech> {
  const { voice, speed, pitch } = voiceOf(options);
  const cached = await cachedPath('times', text, { voice, speed, pitch });
  const times = `${cached}.json`;
  if (!existsSync(cached) || !existsSync(times)) {
    await make(cached, async (raw) => {
      const stdout = await mustRun('python3', [SPEAK_WITH_TIMES, voice, String(speed), String(pitch), text, raw]);
      await writeFile(`${raw}.json`, stdout);
      await rename(`${raw}.json`, times);
    });
  }
  const words = JSON.parse(await readFile(times, 'utf8')) as { word: string; start: number }[];
  const speech = await deliver(text, cached, options.path);
  return { ...speech, words: words.map(({ word, start }) => ({ word, startMs: Math.round(start * 1_000) })) };
}

const voiceOf = ({ voice = 'en-us', speed = 150, pitch = 50 }: Voice) => ({ voice, speed, pitch });

async function cachedPath(kind: string, text: string, voice: Required<Voice>): Promise<string> {
  const hash = createHash('sha256')
    .update(JSON.stringify([RECIPE, kind, text, voice]))
    .digest('hex');
  return join(await cacheFolder('speech'), `${hash.slice(0, 32)}.wav`);
}

/** Speaks into a file of its own, brings it to 16 kHz mono and shows it under its name only when it is whole. */
async function make(cached: string, speakTo: (raw: string) => Promise<unknown>): Promise<void> {
  const raw = `${cached}.${randomUUID()}.raw.wav`;
  const converted = `${cached}.${randomUUID()}.wav`;
  try {
    await speakTo(raw);
    await mustRun('sox', ['-V1', '-D', raw, '-r', '16000', '-c', '1', '-b', '16', '-e', 'signed-integer', converted]);
    await rename(converted, cached);
  } finally {
    await Promise.all([rm(raw, { force: true }), rm(converted, { force: true })]);
  }
}

async function deliver(text: string, cached: string, path: string | undefined): Promise<Speech> {
  if (path !== undefined) await copyFile(cached, path);
  const samples = await readWav(cached);
  return { text, path: path ?? cached, samples, durationMs: durationMsOf(samples) };
}
