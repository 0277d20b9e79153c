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
  const take = ({ start, end }: Change) => taken.fill(end, start, end);
  for (const change of fixed) take(change);
  for (const rule of rules) {
    for (const change of changesOf(rule, shown, taken)) {
      changes.push(change);
      take(change);
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
    const obstacle = taken.subarray(start, end).find((until) => until > 0);
    const spoken = obstacle === undefined ? say(match) : null;
    if (spoken !== null) yield { start, end, spoken };
    pattern.lastIndex = obstacle ?? Math.max(end, start + 1);
  }
}
