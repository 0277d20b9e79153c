import type { Span } from '@sotto/contracts';

/** What of each span lies outside the others. Both lists are sorted, and neither overlaps itself. */
export function outside(spans: readonly Span[], others: readonly Span[]): Span[][] {
  let first = 0;
  return spans.map(({ startMs, endMs }) => {
    while ((others[first]?.endMs ?? Number.POSITIVE_INFINITY) <= startMs) first++;
    const parts: Span[] = [];
    let fromMs = startMs;
    for (const other of from(others, first)) {
      if (other.startMs >= endMs) break;
      if (other.startMs > fromMs) parts.push({ startMs: fromMs, endMs: other.startMs });
      fromMs = other.endMs;
    }
    if (fromMs < endMs) parts.push({ startMs: fromMs, endMs });
    return parts;
  });
}

function* from<T>(list: readonly T[], index: number): Generator<T> {
  for (let at = index; at < list.length; at++) yield list[at] as T;
}
