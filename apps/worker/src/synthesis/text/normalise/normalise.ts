import { type Change, type SaidText, saidText } from '../said/said-text.ts';
import type { Rule } from './rule.ts';

/**
 * Text as it is to be spoken. Rules come in their order; what one has changed, no later one sees as its own, but it stays
 * what stands before or after. Takes time in proportion to the text.
 *
 * @param fixed what is said instead of parts of the text whatever rules say, in order
 */
export function normalise(shown: string, rules: readonly Rule[], fixed: readonly Change[] = []): SaidText {
  const changes = [...fixed];
  const taken = new Uint32Array(shown.length);
  for (const change of fixed) take(taken, change);
  for (const rule of rules) {
    for (const change of changesOf(rule, shown, taken)) {
      changes.push(change);
      take(taken, change);
    }
  }
  return saidText(
    shown,
    changes.toSorted((a, b) => a.start - b.start),
  );
}

function* changesOf({ pattern, say }: Rule, shown: string, taken: Uint32Array): Generator<Change> {
  pattern.lastIndex = 0;
  for (let match = pattern.exec(shown); match; match = pattern.exec(shown)) {
    const start = match.index;
    const end = start + match[0].length;
    const obstacle = firstTaken(taken, start, end);
    const spoken = obstacle === 0 ? say(match) : null;
    if (spoken !== null) yield { start, end, spoken };
    pattern.lastIndex = obstacle || Math.max(end, start + 1);
  }
}

/** Each place in a change holds where it ends. Loops, since most changes are short and there are as many as words. */
function take(taken: Uint32Array, { start, end }: Change): void {
  for (let at = start; at < end; at += 1) taken[at] = end;
}

/** @returns where the first change between the two places ends; 0: there is none */
function firstTaken(taken: Uint32Array, start: number, end: number): number {
  for (let at = start; at < end; at += 1) {
    const until = taken[at];
    if (until) return until;
  }
  return 0;
}
