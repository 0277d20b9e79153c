import type { Span } from '@sotto/contracts';

/** Spans in order and apart, those that touch as one, empty ones left out. */
export function united(spans: readonly Span[]): Span[] {
  const found: Span[] = [];
  for (const { startMs, endMs } of [...spans].sort((a, b) => a.startMs - b.startMs)) {
    const last = found.at(-1);
    if (endMs <= startMs) continue;
    if (last !== undefined && startMs <= last.endMs) last.endMs = Math.max(last.endMs, endMs);
    else found.push({ startMs, endMs });
  }
  return found;
}

/** What of the spans lies in none of the holes; in order and apart. */
export function without(spans: readonly Span[], holes: readonly Span[]): Span[] {
  const cut = united(holes);
  const found: Span[] = [];
  let first = 0;
  for (const { startMs, endMs } of united(spans)) {
    while ((cut[first]?.endMs ?? Number.POSITIVE_INFINITY) <= startMs) first += 1;
    let fromMs = startMs;
    for (let at = first; at < cut.length && (cut[at]?.startMs ?? 0) < endMs; at += 1) {
      const hole = cut[at] as Span;
      if (hole.startMs > fromMs) found.push({ startMs: fromMs, endMs: hole.startMs });
      fromMs = Math.max(fromMs, hole.endMs);
    }
    if (fromMs < endMs) found.push({ startMs: fromMs, endMs });
  }
  return found;
}
