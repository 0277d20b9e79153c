import { divide } from '../said/divide.ts';
import type { SaidText } from '../said/said-text.ts';
import { segmenter } from '../said/segmenters.ts';

/** The segmenter takes time with the square of a text: it gets one window after another. */
const WINDOW = 4000;

/** The sentences of what is said; those that nobody could say are left out. */
export function sentencesOf(text: SaidText, language: string): SaidText[] {
  return divide(text, sentenceEnds(text.spoken, language)).filter(({ spoken }) => isSpeakable(spoken));
}

/** The last sentence of a window may go on behind it, so the next window begins with it; longer sentences get longer windows. */
function sentenceEnds(text: string, language: string): number[] {
  const ends: number[] = [];
  let length = WINDOW;
  for (let start = 0; start + length < text.length; ) {
    const found = sentenceStarts(text.slice(start, start + length), language);
    for (const offset of found) ends.push(start + offset);
    const last = found.at(-1);
    length = last === undefined ? length * 2 : WINDOW;
    start += last ?? 0;
  }
  const rest = ends.at(-1) ?? 0;
  return ends.concat(sentenceStarts(text.slice(rest), language).map((offset) => rest + offset));
}

/** All but the first. */
const sentenceStarts = (text: string, language: string): number[] =>
  Array.from(segmenter(language, 'sentence').segment(text), ({ index }) => index).slice(1);

/** Marks alone are silence. */
const isSpeakable = (spoken: string): boolean => /[\p{L}\p{N}]/u.test(spoken);
