import type { Span } from '@sotto/contracts';

/** Milliseconds in the spans, joined end to end. */
export function spansMs(spans: readonly Span[]): number {
  return spans.reduce((sum, span) => sum + span.endMs - span.startMs, 0);
}

/** Where a span lies in window time. */
export interface PlacedSpan extends Span {
  index: number;
  /** Window time of `startMs`. */
  windowStartMs: number;
  /** Window time of `endMs`. */
  windowEndMs: number;
}

export function placeSpans(spans: readonly Span[]): PlacedSpan[] {
  let at = 0;
  return spans.map((span, index) => {
    const windowStartMs = at;
    at += span.endMs - span.startMs;
    return { ...span, index, windowStartMs, windowEndMs: at };
  });
}

/**
 * A time of a window as a time of the recording; times outside the window become its edges. On a seam a start belongs to
 * the span that begins there, an end to the span that ends there.
 */
export function toRecordingMs(windowMs: number, spans: readonly Span[], edge: 'start' | 'end'): number {
  const placed = placeSpans(spans);
  const first = placed[0];
  const last = placed.at(-1);
  if (first === undefined || last === undefined) throw new RangeError('a window has at least one span');
  if (windowMs <= 0 && edge === 'end') return first.startMs;
  const home = placed.find((span) => (edge === 'start' ? windowMs < span.windowEndMs : windowMs <= span.windowEndMs));
  if (home === undefined) return last.endMs;
  return home.startMs + Math.max(0, windowMs - home.windowStartMs);
}

/**
 * The span that holds most of this stretch of window time. A word has one home: when it straddles a seam, the part on the
 * other side is the pause that alignment gave it.
 */
export function homeSpan(startMs: number, endMs: number, placed: readonly PlacedSpan[]): PlacedSpan {
  let home = placed.find((span) => startMs < span.windowEndMs) ?? placed.at(-1);
  if (home === undefined) throw new RangeError('a window has at least one span');
  for (const span of placed) if (overlapMs(span, startMs, endMs) > overlapMs(home, startMs, endMs)) home = span;
  return home;
}

function overlapMs(span: PlacedSpan, startMs: number, endMs: number): number {
  return Math.min(endMs, span.windowEndMs) - Math.max(startMs, span.windowStartMs);
}
