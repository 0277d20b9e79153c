import { divide } from '../said/divide.ts';
import type { SaidText } from '../said/said-text.ts';
import { segmenter } from '../said/segmenters.ts';

/** The sentences of what is said; those that nobody could say are left out. */
export function sentencesOf(text: SaidText, language: string): SaidText[] {
  const starts = Array.from(segmenter(language, 'sentence').segment(text.spoken), ({ index }) => index);
  return divide(text, starts.slice(1)).filter(({ spoken }) => isSpeakable(spoken));
}

/** Marks alone are silence. */
const isSpeakable = (spoken: string): boolean => /[\p{L}\p{N}]/u.test(spoken);
