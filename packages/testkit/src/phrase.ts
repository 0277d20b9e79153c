import { concat, durationMsOf, pause } from './pcm.ts';
import { type SpokenWord, speak, type Voice } from './speech.ts';

export interface PhraseWord extends SpokenWord {
  endMs: number;
}

export interface Phrase {
  samples: Int16Array;
  /** Times of the sound itself, from the start of the phrase. */
  words: PhraseWord[];
}

/** Below it (1 % of full scale), espeak-ng's lead and tail are silence. */
const AUDIBLE = 328;
const LEAD = 160;
const TAIL = 320;

/** Between words: the middle of what sotto-nano was trained on. */
const GAP_MS = 90;

/**
 * A phrase as sotto-nano's card has it: words spoken one by one, without the silence around them, joined in one breath. So
 * the true time of each word is known.
 */
export async function speakPhrase(utterance: { text: string } & Voice, { gapMs = GAP_MS } = {}): Promise<Phrase> {
  const parts: Int16Array[] = [];
  const words: PhraseWord[] = [];
  let atMs = 0;
  for (const word of utterance.text.split(' ')) {
    const samples = trimmed((await speak(word, utterance)).samples);
    const endMs = atMs + durationMsOf(samples);
    words.push({ word, startMs: atMs + LEAD / 16, endMs: endMs - TAIL / 16 });
    parts.push(pause(gapMs), samples);
    atMs = endMs + gapMs;
  }
  return { samples: concat(...parts.slice(1)), words };
}

/** From a little before the first audible sample to a little after the last. */
function trimmed(samples: Int16Array): Int16Array {
  const isAudible = (sample: number) => Math.abs(sample) > AUDIBLE;
  return samples.slice(Math.max(0, samples.findIndex(isAudible) - LEAD), samples.findLastIndex(isAudible) + TAIL);
}
