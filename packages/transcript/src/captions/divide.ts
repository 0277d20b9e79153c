import type { CaptionOptions, Word } from '@sotto/contracts';
import { displayWidth } from '../scripts.ts';
import { changesSpeaker } from '../speakers/said-by.ts';
import { wrap } from './lines.ts';

export function extent(words: readonly Word[]): { startMs: number; endMs: number } {
  return { startMs: words[0]?.startMs ?? 0, endMs: words.at(-1)?.endMs ?? 0 };
}

/** One cue can show them. */
export function fits(words: readonly Word[], { maxCueMs, maxLineWidth, maxLineCount }: CaptionOptions): boolean {
  const { startMs, endMs } = extent(words);
  return endMs - startMs <= maxCueMs && wrap(words, maxLineWidth).length <= maxLineCount;
}

/** Halves until it fits, cutting where the parts are alike, a clause ends or the speaker rests. */
export function divide(words: readonly Word[], options: CaptionOptions): Word[][] {
  if (words.length < 2 || fits(words, options)) return words.length > 0 ? [[...words]] : [];
  const widths = words.map(({ word }) => displayWidth(word));
  const total = widths.reduce((sum, width) => sum + width, 0);
  let best = 1;
  let bestCost = Number.POSITIVE_INFINITY;
  let before = 0;
  for (let at = 1; at < words.length; at += 1) {
    before += widths[at - 1] ?? 0;
    const cost = Math.abs(2 * before - total) / total - cutBonus(words, at);
    if (cost < bestCost) [best, bestCost] = [at, cost];
  }
  return [...divide(words.slice(0, best), options), ...divide(words.slice(best), options)];
}

/** How good a cut before word `at` is, as a share of imbalance it may cost. */
function cutBonus(words: readonly Word[], at: number): number {
  const before = words[at - 1];
  const after = words[at];
  if (before === undefined || after === undefined) return 0;
  const isClauseEnd = /[,;:—–、，；：،؛][”"')\]]*$/u.test(before.word.trim());
  const restMs = after.startMs - before.endMs;
  return (isClauseEnd ? 0.5 : 0) + Math.min(restMs, 1_000) / 2_000;
}

/** A group too short to read takes the next one in, if both fit in one cue and the speaker hardly rested. */
export function joinShort(groups: readonly Word[][], options: CaptionOptions): Word[][] {
  const joined: Word[][] = [];
  for (const group of groups) {
    const before = joined.at(-1);
    if (before === undefined || !belongTogether(before, group, options)) joined.push([...group]);
    else before.push(...group);
  }
  return joined;
}

function belongTogether(before: readonly Word[], group: readonly Word[], options: CaptionOptions): boolean {
  const [a, b] = [extent(before), extent(group)];
  const isShort = Math.min(a.endMs - a.startMs, b.endMs - b.startMs) < options.minCueMs;
  if (!isShort || b.startMs - a.endMs >= options.minCueMs / 2) return false;
  return !changesSpeaker(before, group) && fits([...before, ...group], options);
}
