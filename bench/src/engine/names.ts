import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  baseModelDir,
  comparableWords,
  concat,
  pause,
  readWav,
  SAMPLE_RATE,
  speak,
  type WordErrors,
  wordErrors,
} from '@sotto/testkit';
import { type ExpectedPhrase, MAX_WINDOW_SAMPLES, WhisperModel, type WindowTranscript } from '@sotto/whisper';
import { phrasesOf } from '@sotto/worker';
import { percent, type Report } from '../table.ts';
import { cut } from './cut.ts';
import { talk } from './material.ts';
import { distractors, type NamedSentence, namedSentences } from './names-material.ts';
import { SENTENCES, SPEEDS, VOICES } from './sentences.ts';
import type { Setting } from './setting.ts';

interface Recording extends NamedSentence {
  samples: Int16Array;
}

/** What the engine gets at once, as the worker packs it: sentences with pauses. */
interface Window {
  samples: Int16Array;
  recordings: Recording[];
}

export interface Figures extends WordErrors {
  names: number;
  found: number;
  /** Listed names in texts of which they are no part. */
  inserted: number;
  wallMs: number;
  /** Of all threads together. */
  cpuMs: number;
}

interface Way {
  model: WhisperModel;
  beamSize: number;
  /** A window's own names, and so many others. */
  own: boolean;
  others: readonly string[];
}

const PAUSE_MS = 500;
const WINDOW_SECONDS = 27;
const LISTS = [
  { list: 'none', own: false, others: 0 },
  { list: 'the names in it', own: true, others: 0 },
  { list: 'and 100 others', own: true, others: 100 },
  { list: 'and 1000 others', own: true, others: 1000 },
];

/** Names and files: tiny.en, and base where it can be had. */
export async function modelFiles({ model }: Setting): Promise<[name: string, path: string][]> {
  const base = await baseModelDir();
  return [
    ['tiny.en', model],
    ...('value' in base ? [['base', join(base.value, 'ggml-base.bin')] as [string, string]] : []),
  ];
}

export function loadModel(path: string, { threads, backend }: Setting): Promise<WhisperModel> {
  return WhisperModel.load(path, { device: 'cpu', slots: 8, threads, backend });
}

/** Rare names, listed or not, alone or among others; and what a long list does to speech without any of its names. */
export async function names(setting: Setting): Promise<Report[]> {
  const split = setting.split;
  const named = windowsOf([...(await spoken(namedSentences(split))), ...(await recorded(setting.speech, split))]);
  const plain = windowsOf([...(await plainSpeech()), ...(await recorded(setting.speech, 'plain'))]);
  const models = await modelFiles(setting);
  const found: string[][] = [];
  const harmed: string[][] = [];
  for (const [name, path] of models) {
    const model = await loadModel(path, setting);
    for (const beamSize of [1, 5]) {
      const others = distractors(1000);
      await transcribeAll(named.slice(0, 2), { model, beamSize, own: true, others });
      for (const { list, own, others: count } of LISTS) {
        const figures = await transcribeAll(named, { model, beamSize, own, others: others.slice(0, count) });
        tell(found, [name, searchOf(beamSize), list, percent(figures.found / figures.names), rateOf(figures)]);
      }
      const without = await transcribeAll(plain, { model, beamSize, own: false, others: [] });
      const among = await transcribeAll(plain, { model, beamSize, own: false, others });
      tell(harmed, [
        name,
        searchOf(beamSize),
        rateOf(without),
        rateOf(among),
        String(among.inserted - without.inserted),
        percent(among.wallMs / without.wallMs - 1),
      ]);
    }
    await model.close();
  }
  return [
    {
      title: `Names that Whisper does not know (${split} half)`,
      method: `${minutes(named)} of sentences with rare names of people, things, drugs and places, packed into windows; distractors are other places, countries and languages.`,
      columns: ['model', 'search', 'listed', 'names found', 'word errors'],
      rows: found,
    },
    {
      title: 'A list of 1000 names that nobody says',
      method: `${minutes(plain)} of speech without them; time is that of the engine, without and with the list.`,
      columns: ['model', 'search', 'word errors without', 'with', 'names inserted', 'time'],
      rows: harmed,
    },
  ];
}

/** A run takes long: what is known is on stderr. */
function tell(rows: string[][], row: string[]): void {
  process.stderr.write(`  ${row.join(' | ')}\n`);
  rows.push(row);
}

const searchOf = (beamSize: number): string => (beamSize === 1 ? 'greedy' : `${beamSize} beams`);
const rateOf = ({ errors, words }: WordErrors): string => `${((100 * errors) / words).toFixed(2)} %`;
const minutes = (windows: readonly Window[]): string =>
  `${(windows.reduce((sum, { samples }) => sum + samples.length, 0) / SAMPLE_RATE / 60).toFixed(1)} min`;

export async function transcribeAll(
  windows: readonly Window[],
  { model, beamSize, own, others }: Way,
): Promise<Figures> {
  const figures: Figures = { errors: 0, words: 0, names: 0, found: 0, inserted: 0, wallMs: 0, cpuMs: 0 };
  const startedAt = performance.now();
  const startedWith = process.cpuUsage();
  const texts = await Promise.all(
    windows.map(async ({ samples, recordings }) => {
      const listed = [...(own ? recordings.flatMap((recording) => recording.names) : []), ...others];
      const phrases: ExpectedPhrase[] = phrasesOf(listed.map((text) => ({ text })));
      const options = { language: 'en', beamSize, wordTimes: false, phrases } as const;
      const pieces = samples.length > MAX_WINDOW_SAMPLES ? cut(samples) : [samples];
      const heard = await Promise.all(pieces.map(async (piece) => textOf(await model.transcribe(piece, options))));
      return heard.join(' ');
    }),
  );
  figures.wallMs = performance.now() - startedAt;
  const { user, system } = process.cpuUsage(startedWith);
  figures.cpuMs = (user + system) / 1_000;
  for (const [at, { recordings }] of windows.entries()) add(figures, recordings, texts[at] ?? '', others);
  return figures;
}

function add(figures: Figures, recordings: readonly Recording[], text: string, others: readonly string[]): void {
  const said = recordings.map((recording) => recording.text).join(' ');
  const { errors, words } = wordErrors(said, text);
  figures.errors += errors;
  figures.words += words;
  for (const name of recordings.flatMap((recording) => recording.names)) {
    figures.names += 1;
    if (timesIn(text, name) > 0) figures.found += 1;
  }
  for (const name of others) figures.inserted += Math.max(0, timesIn(text, name) - timesIn(said, name));
}

const textOf = ({ segments }: WindowTranscript): string =>
  Buffer.concat(segments.flatMap(({ tokens }) => tokens.map(({ bytes }) => bytes))).toString('utf8');

function timesIn(text: string, name: string): number {
  return ` ${comparableWords(text).join('  ')} `.split(` ${comparableWords(name).join('  ')} `).length - 1;
}

function spoken(sentences: readonly NamedSentence[]): Promise<Recording[]> {
  return Promise.all(
    sentences.map(async (sentence, at) => {
      const voice = { voice: VOICES[at % VOICES.length] ?? VOICES[0], speed: SPEEDS[at % SPEEDS.length] ?? SPEEDS[0] };
      return { ...sentence, samples: (await speak(sentence.text, voice)).samples };
    }),
  );
}

export async function plainSpeech(): Promise<Recording[]> {
  const { samples, text } = await talk(60);
  const everyVoice = VOICES.flatMap(() => SENTENCES).map((sentence) => ({ text: sentence, names: [] }));
  return [{ text, samples, names: [] }, ...(await spoken(everyVoice))];
}

/**
 * Recordings in a folder of one's own: its `list.json` has `{wav, text, names, split}` for each, `split` being `dev`, `test`, or
 * `plain` for speech without names.
 */
async function recorded(folder: string | undefined, split: string): Promise<Recording[]> {
  if (folder === undefined || !existsSync(folder)) return [];
  const list = JSON.parse(await readFile(join(folder, 'list.json'), 'utf8')) as (NamedSentence & {
    wav: string;
    split: string;
  })[];
  return Promise.all(
    list
      .filter((entry) => entry.split === split)
      .map(async ({ wav, text, names }) => ({ text, names, samples: await readWav(join(folder, wav)) })),
  );
}

/** One that is longer is cut later on, as its text cannot be cut. */
export function windowsOf(recordings: readonly Recording[]): Window[] {
  const windows: Window[] = [];
  for (const recording of recordings) {
    const last = windows.at(-1);
    const length = recording.samples.length + (last?.samples.length ?? 0);
    const joins = last !== undefined && length <= WINDOW_SECONDS * SAMPLE_RATE;
    if (!joins) windows.push({ samples: concat(recording.samples, pause(PAUSE_MS)), recordings: [recording] });
    else {
      last.samples = concat(last.samples, recording.samples, pause(PAUSE_MS));
      last.recordings.push(recording);
    }
  }
  return windows;
}
