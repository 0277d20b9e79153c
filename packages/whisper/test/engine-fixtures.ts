import { join } from 'node:path';
import {
  concat,
  type NanoUtterance,
  nanoModelDir,
  nanoUtterances,
  type Phrase,
  pause,
  speakPhrase,
} from '@sotto/testkit';
import type { WindowTranscript } from '../src/index.ts';

export const nanoPath = async (): Promise<string> => join(await nanoModelDir(), 'ggml-sotto-nano.bin');

export const textOf = ({ segments }: WindowTranscript): string =>
  Buffer.concat(segments.flatMap(({ tokens }) => tokens.map(({ bytes }) => bytes)))
    .toString('utf8')
    .trim();

export type SpokenUtterance = NanoUtterance & Phrase;

/** Closer together than the default: the harder half of what sotto-nano was trained on. */
const GAP_MS = 60;

export function nanoPhrases(count: number, seed: number): Promise<SpokenUtterance[]> {
  return Promise.all(
    nanoUtterances(count, { seed }).map(async (utterance) => ({
      ...utterance,
      ...(await speakPhrase(utterance, { gapMs: GAP_MS })),
    })),
  );
}

/** Phrases of one language with pauses before, between and after them, as the planner packs them. */
export function packed(phrases: Phrase[], pauseMs: number): Int16Array {
  return concat(...phrases.flatMap(({ samples }) => [pause(pauseMs), samples]), pause(pauseMs));
}
