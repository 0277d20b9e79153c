import { concat, durationMsOf, type NanoUtterance, pause, speak, type Voice } from '@sotto/testkit';

export interface PhraseWord {
  word: string;
  /** From the start of the phrase. */
  startMs: number;
  endMs: number;
}

export interface Phrase {
  samples: Int16Array;
  words: PhraseWord[];
}

/** Below it (1 % of full scale), espeak-ng's lead and tail are silence. */
const AUDIBLE = 328;
const MARGIN_BEFORE = 160;
const MARGIN_AFTER = 320;

/** Between words: the middle of what sotto-nano was trained on. */
const GAP_MS = 90;

/**
 * A phrase as sotto-nano's card has it: words spoken one by one, without the silence around them, joined in one breath. So
 * the true time of each word is known.
 */
export async function speakPhrase(utterance: Pick<NanoUtterance, 'text'> & Voice, gapMs = GAP_MS): Promise<Phrase> {
  const parts: Int16Array[] = [];
  const words: PhraseWord[] = [];
  let atMs = 0;
  for (const word of utterance.text.split(' ')) {
    const samples = trimmed((await speak(word, utterance)).samples);
    words.push({ word, startMs: atMs, endMs: atMs + durationMsOf(samples) });
    parts.push(pause(gapMs), samples);
    atMs += durationMsOf(samples) + gapMs;
  }
  return { samples: concat(...parts.slice(1)), words };
}

function trimmed(samples: Int16Array): Int16Array {
  const isAudible = (sample: number) => Math.abs(sample) > AUDIBLE;
  const first = samples.findIndex(isAudible);
  const last = samples.findLastIndex(isAudible);
  return samples.slice(Math.max(0, first - MARGIN_BEFORE), last + MARGIN_AFTER);
}
