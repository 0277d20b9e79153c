import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { concat, ffmpeg, pause, REPOSITORY, readWav, SAMPLE_RATE, temporaryFolder, writeWav } from '@sotto/testkit';

/** Real speech whose text is known. */
export interface Talk {
  path: string;
  samples: Int16Array;
  seconds: number;
  text: string;
  what: string;
}

/** Real recordings, where they lie beside the checkout. */
export const SHARED = join(REPOSITORY, '../shared/data');
export const KENNEDY = join(REPOSITORY, 'packages/whisper/node_modules/nodejs-whisper/cpp/whisper.cpp/samples/jfk.mp3');
const KENNEDY_TEXT =
  'And so, my fellow Americans, ask not what your country can do for you, ask what you can do for your country.';

/** Between two copies. */
const PAUSE_MS = 500;

/** A minute of a talk when it lies beside the checkout, else the sample that whisper.cpp ships; whole copies of it, at least so long together. */
export async function talk(seconds: number): Promise<Talk> {
  const { source, text, what } = await sourceOf();
  const folder = await temporaryFolder('bench-engine');
  const decoded = join(folder, 'source.wav');
  await ffmpeg('-i', source, '-ar', String(SAMPLE_RATE), '-ac', '1', '-c:a', 'pcm_s16le', decoded);
  const once = concat(await readWav(decoded), pause(PAUSE_MS));
  const copies = Math.max(1, Math.round((seconds * SAMPLE_RATE) / once.length));
  const samples = concat(...Array.from({ length: copies }, () => once));
  const path = join(folder, `talk-${copies}.wav`);
  await writeWav(path, samples);
  const repeated = Array.from({ length: copies }, () => text).join(' ');
  return { path, samples, seconds: samples.length / SAMPLE_RATE, text: repeated, what: `${what}, ${copies} times` };
}

/** The beginning of a recording, as a file beside it. */
export async function beginning({ path, samples, text, what }: Talk, seconds: number): Promise<Talk> {
  const part = samples.slice(0, seconds * SAMPLE_RATE);
  const target = path.replace(/\.wav$/, `-first-${seconds}.wav`);
  await writeWav(target, part);
  return { path: target, samples: part, seconds: part.length / SAMPLE_RATE, text, what };
}

async function sourceOf(): Promise<{ source: string; text: string; what: string }> {
  const source = join(SHARED, 'ted_60.m4a');
  if (existsSync(source)) {
    return { source, text: await readFile(join(SHARED, 'ted_60.txt'), 'utf8'), what: 'a minute of a talk' };
  }
  return { source: KENNEDY, text: KENNEDY_TEXT, what: 'eleven seconds of President Kennedy' };
}
