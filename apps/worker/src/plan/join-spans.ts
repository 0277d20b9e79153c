import type { Span } from '@sotto/contracts';

/** Joins spans that touch, so that times need no mapping across a seam. */
export function joinSpans(spans: readonly Span[]): Span[] {
  const joined: Span[] = [];
  for (const { startMs, endMs } of spans) {
    const last = joined.at(-1);
    if (last !== undefined && last.endMs === startMs) last.endMs = endMs;
    else joined.push({ startMs, endMs });
  }
  return joined;
}
