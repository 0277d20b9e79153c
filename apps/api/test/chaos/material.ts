import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { concat, encodeWav, ffmpeg, nanoUtterances, pause, speak, temporaryFolder, writeWav } from '@sotto/testkit';

/** A recording that sotto-nano understands, as a client has it. */
export interface Material {
  name: string;
  bytes: Uint8Array;
  /** So many windows, about; only long ones are shared by several workers. */
  isLong: boolean;
}

/** Phrases in a long recording; with the pauses between them, two or three windows. */
const PHRASES = 14;

/**
 * So many different recordings, reproducible: clips as WAV, which workers read themselves, clips as FLAC, which they
 * decode with ffmpeg, and every fifth one long.
 */
export async function materials(count: number): Promise<Material[]> {
  const folder = await temporaryFolder('chaos');
  try {
    const all: Material[] = [];
    for (let index = 0; index < count; index += 1) all.push(await material(index, folder));
    return all;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function material(index: number, folder: string): Promise<Material> {
  const isLong = index % 5 === 4;
  const phrases = nanoUtterances(isLong ? PHRASES : 1, { seed: 900 + index, languages: ['en'] });
  const spoken: Int16Array[] = [];
  for (const { text, ...voice } of phrases) spoken.push((await speak(text, voice)).samples, pause(900));
  const samples = concat(...spoken);
  if (index % 2 === 0) return { name: `${index}.wav`, bytes: encodeWav(samples), isLong };
  const [wav, flac] = [join(folder, `${index}.wav`), join(folder, `${index}.flac`)];
  await writeWav(wav, samples);
  await ffmpeg('-i', wav, flac);
  return { name: `${index}.flac`, bytes: await readFile(flac), isLong };
}
