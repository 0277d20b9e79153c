import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { concat, encodeWav, ffmpeg, nanoUtterances, pause, speak, temporaryFolder, writeWav } from '@sotto/testkit';

/** A recording that sotto-nano understands, as a client has it. */
export interface Recording {
  name: string;
  bytes: Uint8Array;
  /** So many windows, about; only long ones are shared by several workers. */
  isLong: boolean;
}

/** A text that is to be spoken. */
export interface Text {
  text: string;
}

export type Material = Recording | Text;

/** How many there are of each: recordings come first. */
export interface MaterialCounts {
  recordings: number;
  texts: number;
}

/** Phrases in a long recording; with the pauses between them, two or three windows. */
const PHRASES = 14;

/** Sentences of a text, of which each is a piece, or two. */
const SENTENCES = 12;

/**
 * So many different materials, reproducible. Of recordings, clips as WAV, which workers read themselves, clips as FLAC, which they
 * decode with ffmpeg, and every fifth one long; of
 * texts, every third one long.
 */
export async function materials({ recordings, texts }: MaterialCounts): Promise<Material[]> {
  const folder = await temporaryFolder('chaos');
  try {
    const all: Material[] = [];
    for (let index = 0; index < recordings; index += 1) all.push(await recording(index, folder));
    for (let index = 0; index < texts; index += 1) all.push({ text: textOf(index) });
    return all;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/**
 * Where a text is cut depends on how fast the engine was, unless its first clause lasts so long that everything after it
 * may be as long as pieces can be.
 */
function textOf(index: number): string {
  const opening = `Here begins the text with the number ${index + 1} of them all, and it goes on.`;
  const sentences = Array.from(
    { length: index % 3 === 2 ? 4 * SENTENCES : SENTENCES },
    (_, i) => `Sentence ${i + 1} of text ${index + 1} costs $${i + 3}.50, whoever dies while it is spoken.`,
  );
  return [opening, ...sentences].join(' ');
}

async function recording(index: number, folder: string): Promise<Recording> {
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
