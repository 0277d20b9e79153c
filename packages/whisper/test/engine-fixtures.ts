import { join } from 'node:path';
import {
  concat,
  type NanoUtterance,
  nanoModelDir,
  nanoUtterances,
  pause,
  type SpokenWord,
  speakWithTimes,
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

/** sotto-nano knows words spoken apart: a comma makes espeak-ng do that. */
export function nanoPhrases(count: number, seed: number): Promise<Phrase[]> {
  return Promise.all(
    nanoUtterances(count, { seed }).map(async (utterance) => {
      // speak_with_times takes voice names; en-gb is a language code
      const voice = utterance.voice.replace('en-gb', 'en');
      const { samples, words } = await speakWithTimes(utterance.text.replaceAll(' ', ', '), { ...utterance, voice });
      return { ...utterance, samples, words };
    }),
  );
}

/** Phrases of one language with pauses before, between and after them, as the planner packs them. */
export function packed(phrases: Phrase[], pauseMs: number): Int16Array {
  return concat(...phrases.flatMap(({ samples }) => [pause(pauseMs), samples]), pause(pauseMs));
}
