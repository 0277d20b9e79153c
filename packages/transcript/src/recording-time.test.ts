import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { anySpans } from '../test/arbitraries.ts';
import { homeSpan, placeSpans, spansMs, toRecordingMs } from './recording-time.ts';

describe('toRecordingMs', () => {
  const spans = [
    { startMs: 1000, endMs: 3000 },
    { startMs: 10_000, endMs: 10_500 },
  ];

  it('is exact inside spans and on their borders', () => {
    expect(toRecordingMs(0, spans, 'start')).toBe(1000);
    expect(toRecordingMs(1999, spans, 'start')).toBe(2999);
    expect(toRecordingMs(2000, spans, 'end')).toBe(3000);
    expect(toRecordingMs(2000, spans, 'start')).toBe(10_000);
    expect(toRecordingMs(2001, spans, 'end')).toBe(10_001);
    expect(toRecordingMs(2500, spans, 'end')).toBe(10_500);
  });

  it('takes times outside the window to its edges', () => {
    expect(toRecordingMs(-5, spans, 'start')).toBe(1000);
    expect(toRecordingMs(-5, spans, 'end')).toBe(1000);
    expect(toRecordingMs(30_000, spans, 'start')).toBe(10_500);
    expect(toRecordingMs(30_000, spans, 'end')).toBe(10_500);
    expect(() => toRecordingMs(0, [], 'end')).toThrow(RangeError);
  });

  it('maps every border of any spans exactly, never goes back and never leaves a span', () => {
    fc.assert(
      fc.property(anySpans, fc.array(fc.nat(60_000)), (any, times) => {
        for (const span of placeSpans(any)) {
          expect(toRecordingMs(span.windowStartMs, any, 'start')).toBe(span.startMs);
          expect(toRecordingMs(span.windowEndMs, any, 'end')).toBe(span.endMs);
        }
        for (const edge of ['start', 'end'] as const) {
          const mapped = times.sort((a, b) => a - b).map((ms) => toRecordingMs(ms, any, edge));
          expect(mapped).toEqual([...mapped].sort((a, b) => a - b));
          for (const ms of mapped) expect(any.some((span) => span.startMs <= ms && ms <= span.endMs)).toBe(true);
        }
      }),
    );
  });

  it('keeps lengths inside one span', () => {
    fc.assert(
      fc.property(anySpans, fc.nat(60_000), fc.nat(9_000), (any, fromMs, lengthMs) => {
        const home = homeSpan(fromMs, fromMs + lengthMs, placeSpans(any));
        if (fromMs < home.windowStartMs || fromMs + lengthMs > home.windowEndMs) return;
        const [start, end] = [toRecordingMs(fromMs, any, 'start'), toRecordingMs(fromMs + lengthMs, any, 'end')];
        if (lengthMs > 0) expect(end - start).toBe(lengthMs);
      }),
    );
  });
});

describe('homeSpan', () => {
  const placed = placeSpans([
    { startMs: 1000, endMs: 3000 },
    { startMs: 10_000, endMs: 12_000 },
  ]);

  it('is where most of a word lies', () => {
    expect(homeSpan(1900, 2300, placed).index).toBe(1);
    expect(homeSpan(1600, 2300, placed).index).toBe(0);
    expect(homeSpan(2000, 2000, placed).index).toBe(1);
    expect(homeSpan(9000, 9500, placed).index).toBe(1);
    expect(spansMs(placed)).toBe(4000);
  });
});
