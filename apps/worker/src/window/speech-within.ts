import type { Span } from '@sotto/contracts';

/** The speech that overlaps the time from a window's first span to its last. */
export function speechWithin(spans: readonly Span[], speech: readonly Span[]): Span[] {
  const startMs = spans[0]?.startMs ?? 0;
  const endMs = spans.at(-1)?.endMs ?? startMs;
  return speech.filter((span) => span.startMs < endMs && startMs < span.endMs);
}
