export interface Bounds {
  startMs: number;
  endMs: number;
}

interface Timed extends Bounds {
  word: string;
}

/**
 * Whole milliseconds, in order, no overlap: starts never go back, no word ends after the next one starts. Words without a
 * time (NaN) share what lies between their neighbours in proportion to their length.
 */
export function settleTimes<T extends Timed>(words: readonly T[], bounds?: Bounds): T[] {
  return inOrder(fillGaps(words, bounds));
}

function fillGaps<T extends Timed>(words: readonly T[], bounds?: Bounds): T[] {
  const known = words.filter(isTimed);
  const lowMs = bounds?.startMs ?? known[0]?.startMs ?? 0;
  const highMs = Math.max(lowMs, bounds?.endMs ?? known.at(-1)?.endMs ?? lowMs);
  const filled: T[] = [];
  for (let index = 0; index < words.length; ) {
    const word = words[index];
    if (word === undefined) break;
    if (isTimed(word)) {
      filled.push(word);
      index += 1;
      continue;
    }
    const next = words.findIndex((later, at) => at > index && isTimed(later));
    const endIndex = next === -1 ? words.length : next;
    const fromMs = filled.at(-1)?.endMs ?? lowMs;
    filled.push(...spread(words.slice(index, endIndex), fromMs, words[next]?.startMs ?? highMs));
    index = endIndex;
  }
  return filled;
}

function isTimed(word: Timed): boolean {
  return Number.isFinite(word.startMs) && Number.isFinite(word.endMs);
}

/** Words over a stretch of time, in proportion to their length; in whole milliseconds. */
export function spread<T extends Timed>(words: readonly T[], fromMs: number, toMs: number): T[] {
  const lengths = words.map(({ word }) => Math.max(1, word.trim().length));
  const total = lengths.reduce((sum, length) => sum + length, 0);
  const msPerCharacter = Math.max(0, toMs - fromMs) / total;
  let at = fromMs;
  return words.map((word, index) => {
    const startMs = Math.round(at);
    at += (lengths[index] ?? 1) * msPerCharacter;
    return { ...word, startMs, endMs: Math.round(at) };
  });
}

function inOrder<T extends Timed>(words: readonly T[]): T[] {
  let latestMs = 0;
  const starts = words.map(({ startMs }) => {
    latestMs = Math.max(latestMs, Math.round(startMs));
    return latestMs;
  });
  return words.map((word, index) => {
    const startMs = starts[index] ?? 0;
    const nextMs = starts[index + 1] ?? Number.POSITIVE_INFINITY;
    return { ...word, startMs, endMs: Math.max(startMs, Math.min(Math.round(word.endMs), nextMs)) };
  });
}
