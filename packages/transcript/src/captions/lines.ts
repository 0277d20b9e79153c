import { displayWidth } from '../scripts.ts';

/** Lines of whole words, each at most `maxWidth` wide unless one word alone is wider. */
export function wrap(words: readonly string[], maxWidth: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of words) {
    const longer = line + word;
    if (line.trim() !== '' && displayWidth(longer.trim()) > maxWidth) {
      lines.push(line.trim());
      line = word;
    } else {
      line = longer;
    }
  }
  if (line.trim() !== '') lines.push(line.trim());
  return lines;
}

/**
 * The same lines, evened out: no more of them than `wrap` needs, as equal as they go, broken after punctuation when that
 * costs little.
 */
export function balance(words: readonly string[], maxWidth: number): string[] {
  const lines = wrap(words, maxWidth);
  if (lines.length !== 2) return lines;
  let best = lines;
  let bestCost = breakCost(lines);
  for (let at = 1; at < words.length; at += 1) {
    const candidate = [words.slice(0, at).join('').trim(), words.slice(at).join('').trim()];
    if (candidate.some((line) => line === '' || displayWidth(line) > maxWidth)) continue;
    const cost = breakCost(candidate);
    if (cost < bestCost) [best, bestCost] = [candidate, cost];
  }
  return best;
}

/** Columns of difference that a break after punctuation is worth. */
const PUNCTUATION_BONUS = 24;

function breakCost([first = '', second = '']: readonly string[]): number {
  const difference = Math.abs(displayWidth(first) - displayWidth(second));
  return difference - (/[,;:.!?、，。]$/u.test(first) ? PUNCTUATION_BONUS : 0);
}
