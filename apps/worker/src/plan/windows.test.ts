import { describe, expect, it } from '@jest/globals';
import type { Span } from '@sotto/contracts';
import fc from 'fast-check';
import { MAX_WINDOW_MS, planWindows, spansMs } from './windows.ts';

const middle = (fromMs: number, toMs: number) => (fromMs + toMs) / 2;

/** Runs as speechRuns gives them: sorted, apart or touching. */
const runs = fc
  .array(
    fc.record({ gapMs: fc.oneof(fc.constant(0), fc.nat(20_000)), lengthMs: fc.integer({ min: 1, max: 90_000 }) }),
    {
      maxLength: 40,
    },
  )
  .map((parts) => {
    let atMs = 0;
    return parts.map(({ gapMs, lengthMs }): Span => {
      const startMs = atMs + gapMs;
      atMs = startMs + lengthMs;
      return { startMs, endMs: atMs };
    });
  });

function joined(spans: Span[]): Span[] {
  const result: Span[] = [];
  for (const span of spans) {
    const last = result.at(-1);
    if (last !== undefined && last.endMs === span.startMs) last.endMs = span.endMs;
    else result.push({ ...span });
  }
  return result;
}

describe('planWindows', () => {
  it('packs short phrases into one window and starts the next when the next does not fit', () => {
    const phrases = [0, 20_000, 40_000, 60_000].map((startMs) => ({ startMs, endMs: startMs + 9000 }));
    expect(planWindows(phrases, middle)).toEqual([
      { index: 0, spans: phrases.slice(0, 3) },
      { index: 1, spans: phrases.slice(3) },
    ]);
  });

  it('cuts unbroken talk at the quietest point of the last third and fills up what is left', () => {
    const asked: Span[] = [];
    const quietest = (startMs: number, endMs: number) => {
      asked.push({ startMs, endMs });
      return 21_234;
    };
    const talk = [
      { startMs: 0, endMs: 40_000 },
      { startMs: 50_000, endMs: 55_000 },
    ];
    expect(planWindows(talk, quietest)).toEqual([
      { index: 0, spans: [{ startMs: 0, endMs: 21_234 }] },
      {
        index: 1,
        spans: [
          { startMs: 21_234, endMs: 40_000 },
          { startMs: 50_000, endMs: 55_000 },
        ],
      },
    ]);
    expect(asked).toEqual([{ startMs: 19_334, endMs: 29_000 }]);
  });

  it('loses and doubles nothing, keeps order, and overfills no window', () => {
    fc.assert(
      fc.property(runs, fc.double({ min: -1, max: 2, noNaN: true }), (speech, where) => {
        const windows = planWindows(speech, (from, to) => from + where * (to - from));
        expect(joined(windows.flatMap((window) => window.spans))).toEqual(joined(speech));
        windows.forEach((window, index) => {
          expect(window.index).toBe(index);
          expect(spansMs(window.spans)).toBeLessThanOrEqual(MAX_WINDOW_MS);
          for (const { startMs, endMs } of window.spans) expect(endMs).toBeGreaterThan(startMs);
        });
      }),
    );
  });

  it('never leaves two windows in a row that would fit into one', () => {
    fc.assert(
      fc.property(runs, (speech) => {
        const windows = planWindows(
          speech.filter((run) => spansMs([run]) <= MAX_WINDOW_MS),
          middle,
        );
        windows.slice(1).forEach((window, i) => {
          const before = windows[i]?.spans ?? [];
          expect(spansMs(before) + spansMs(window.spans)).toBeGreaterThan(MAX_WINDOW_MS);
        });
      }),
    );
  });

  it('plans nothing when nobody speaks', () => {
    expect(planWindows([], middle)).toEqual([]);
  });
});
