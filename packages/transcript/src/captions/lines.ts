import type { Word } from '@sotto/contracts';
import { displayWidth } from '../scripts.ts';
import { textOf } from './sentences.ts';

/** Lines of whole words, each at most `maxWidth` wide unless one word alone is wider. */
export function wrap(words: readonly Word[], maxWidth: number): Word[][] {
  const lines: Word[][] = [];
  let line: Word[] = [];
  for (const word of words) {
    const longer = [...line, word];
    if (textOf(line) !== '' && displayWidth(textOf(longer)) > maxWidth) {
      lines.push(line);
      line = [word];
    } else {
      line = longer;
    }
  }
  return [...lines, line].filter((one) => textOf(one) !== '');
}

/**
 * The same lines, evened out: no more of them than `wrap` needs and as equal as they go; two of them are broken after
 * punctuation when that costs little.
 */
export function balance(words: readonly Word[], maxWidth: number): Word[][] {
  const lines = wrap(words, maxWidth);
  if (lines.length < 2) return lines;
  return lines.length === 2 ? balanceTwo(words, lines, maxWidth) : balanceMany(words, lines, maxWidth);
}

function balanceTwo(words: readonly Word[], lines: Word[][], maxWidth: number): Word[][] {
  let best = lines;
  let bestCost = breakCost(lines);
  for (let at = 1; at < words.length; at += 1) {
    const candidate = [words.slice(0, at), words.slice(at)];
    if (candidate.map(textOf).some((line) => line === '' || displayWidth(line) > maxWidth)) continue;
    const cost = breakCost(candidate);
    if (cost < bestCost) [best, bestCost] = [candidate, cost];
  }
  return best;
}

/** Columns of difference that a break after punctuation is worth. */
const PUNCTUATION_BONUS = 24;

function breakCost(lines: readonly (readonly Word[])[]): number {
  const [first = '', second = ''] = lines.map(textOf);
  const difference = Math.abs(displayWidth(first) - displayWidth(second));
  return difference - (/[,;:.!?、，。،؛؟]$/u.test(first) ? PUNCTUATION_BONUS : 0);
}

/** The narrowest lines of which no more are needed. */
function balanceMany(words: readonly Word[], lines: Word[][], maxWidth: number): Word[][] {
  let best = lines;
  for (let low = 1, high = maxWidth; low < high; ) {
    const width = Math.floor((low + high) / 2);
    const candidate = wrap(words, width);
    if (candidate.length > lines.length) {
      low = width + 1;
    } else {
      best = candidate;
      high = width;
    }
  }
  return best;
}
