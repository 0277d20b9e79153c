import type { Span, Window } from '@sotto/contracts';
import type { SpokenSpan } from '@sotto/queue';

/** The speech in the channel of a window that overlaps the time from its first span to its last. */
export function speechWithin({ spans, channel }: Omit<Window, 'index'>, speech: readonly SpokenSpan[]): Span[] {
  const fromMs = spans[0]?.startMs ?? 0;
  const toMs = spans.at(-1)?.endMs ?? fromMs;
  return speech
    .filter((spoken) => spoken.channel === channel && spoken.startMs < toMs && fromMs < spoken.endMs)
    .map(({ startMs, endMs }) => ({ startMs, endMs }));
}
