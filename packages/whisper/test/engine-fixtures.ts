import { join } from 'node:path';
import {
  concat,
  type NanoUtterance,
  nanoModelDir,
  nanoUtterances,
  pause,
  type SpokenWord,
  speak,
} from '@sotto/testkit';
import type { WindowTranscript } from '../src/index.ts';

export const nanoPath = async (): Promise<string> => join(await nanoModelDir(), 'ggml-sotto-nano.bin');

export const textOf = ({ segments }: WindowTranscript): string =>
  Buffer.concat(segments.flatMap(({ tokens }) => tokens.map(({ bytes }) => bytes)))
    .toString('utf8')
    .trim();

export interface Phrase extends NanoUtterance {
  samples: Int16Array;
  words: SpokenWord[];
}

const LOUD = 330;
const LEAD = 160;
const TAIL = 320;
const GAP_MS = 60;

/** From 10 ms before the first loud sample to 20 ms after the last. */
function trimmed(samples: Int16Array): Int16Array {
  const loud = (sample: number) => Math.abs(sample) > LOUD;
  return samples.subarray(Math.max(0, samples.findIndex(loud) - LEAD), samples.findLastIndex(loud) + TAIL);
}

/** What sotto-nano was made for: each word spoken for itself, one after the other. Starts are those of the sound. */
async function nanoPhrase(utterance: NanoUtterance): Promise<Phrase> {
  const parts: Int16Array[] = [];
  const words: SpokenWord[] = [];
  for (const word of utterance.text.split(' ')) {
    words.push({ word, startMs: parts.reduce((sum, part) => sum + part.length, LEAD) / 16 });
    parts.push(trimmed((await speak(word, utterance)).samples), pause(GAP_MS));
  }
  return { ...utterance, samples: concat(...parts), words };
}

export function nanoPhrases(count: number, seed: number): Promise<Phrase[]> {
  return Promise.all(nanoUtterances(count, { seed }).map(nanoPhrase));
}

/** Phrases of one language with pauses before, between and after them, as the planner packs them. */
export function packed(phrases: Phrase[], pauseMs: number): Int16Array {
  return concat(...phrases.flatMap(({ samples }) => [pause(pauseMs), samples]), pause(pauseMs));
}
