import type { Span } from '@sotto/contracts';
import { type DecodedSegment, type DecodedWindow, spansMs } from '@sotto/transcript';

/** A part of a window that was transcribed alone. */
export interface Retranscribed {
  /** Its part of the window's spans, see missedSpeech. */
  spans: readonly Span[];
  /** In the time of these spans. */
  decoded: DecodedWindow;
}

/** The window with the retranscribed text inserted where it was missing; a segment that spans the place is divided. */
export function withRetranscribed(
  windowSpans: readonly Span[],
  first: DecodedWindow,
  again: Retranscribed,
): DecodedWindow {
  const startMs = windowMsOf(again.spans[0]?.startMs ?? 0, windowSpans);
  const endMs = startMs + spansMs(again.spans);
  const divided = first.segments.flatMap((segment) => divide(segment, startMs, endMs));
  const retranscribed = again.decoded.segments.map((segment) => shift(segment, startMs));
  const segments = [...divided, ...retranscribed].sort((a, b) => a.startMs - b.startMs);
  return { ...first, segments, engineMs: first.engineMs + again.decoded.engineMs };
}

/** Window time of a recording time that lies in one of its spans. */
function windowMsOf(recordingMs: number, spans: readonly Span[]): number {
  const before = spans.filter((span) => span.startMs <= recordingMs);
  const home = before.at(-1);
  return home === undefined ? 0 : spansMs(before.slice(0, -1)) + recordingMs - home.startMs;
}

/** A segment without the time between two points, as up to two parts. None of its tokens lie there. */
function divide(segment: DecodedSegment, startMs: number, endMs: number): DecodedSegment[] {
  if (segment.endMs <= startMs || segment.startMs >= endMs) return [segment];
  const middleMs = (startMs + endMs) / 2;
  const found = segment.tokens.findIndex((token) => token.startMs >= middleMs);
  const at = found === -1 ? segment.tokens.length : found;
  const parts = [
    { ...segment, endMs: Math.min(segment.endMs, startMs), tokens: segment.tokens.slice(0, at) },
    { ...segment, startMs: Math.max(segment.startMs, endMs), tokens: segment.tokens.slice(at) },
  ];
  return parts
    .filter(({ tokens }) => tokens.length > 0)
    .map((part) => ({
      ...part,
      startMs: Math.min(part.startMs, part.endMs),
      endMs: Math.max(part.startMs, part.endMs),
    }));
}

function shift(segment: DecodedSegment, byMs: number): DecodedSegment {
  const moved = (ms: number) => (ms < 0 ? ms : ms + byMs);
  const tokens = segment.tokens.map((token) => ({
    ...token,
    startMs: moved(token.startMs),
    endMs: moved(token.endMs),
  }));
  return { ...segment, startMs: segment.startMs + byMs, endMs: segment.endMs + byMs, tokens };
}
