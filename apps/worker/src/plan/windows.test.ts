import { describe, expect, it } from '@jest/globals';
import type { Span } from '@sotto/contracts';
import { spansMs } from '@sotto/transcript';
import fc from 'fast-check';
import type { SpeechRun } from '../speech/runs.ts';
import { planWindows, WINDOW_LIMITS } from './windows.ts';

const middle = (fromMs: number, toMs: number) => (fromMs + toMs) / 2;

const PAD_MS = 600;

/** Runs as speechRuns gives them: sorted, apart or touching, the pause longer than the gap that their padding left. */
const runs = fc
  .array(fc.record({ pauseBeforeMs: fc.nat(20_000), lengthMs: fc.integer({ min: 1, max: 90_000 }) }), {
    maxLength: 40,
  })
  .map((parts) => {
    let atMs = 0;
    return parts.map(({ pauseBeforeMs, lengthMs }): SpeechRun => {
      const startMs = atMs + Math.max(0, pauseBeforeMs - 2 * PAD_MS);
      atMs = startMs + lengthMs;
      return { startMs, endMs: atMs, pauseBeforeMs };
    });
  });

const run = (startMs: number, endMs: number, pauseBeforeMs = 300): SpeechRun => ({ startMs, endMs, pauseBeforeMs });
const bare = (list: readonly Span[]): Span[] => list.map(({ startMs, endMs }) => ({ startMs, endMs }));

function joined(spans: readonly Span[]): Span[] {
  const result: Span[] = [];
  for (const span of spans) {
    const last = result.at(-1);
    if (last !== undefined && last.endMs === span.startMs) last.endMs = span.endMs;
    else result.push({ startMs: span.startMs, endMs: span.endMs });
  }
  return result;
}

describe('planWindows', () => {
  it('packs short phrases into one window and starts the next when the next does not fit', () => {
    const phrases = [0, 20_000, 40_000, 60_000].map((startMs) => run(startMs, startMs + 9000));
    expect(planWindows(phrases, middle)).toEqual([
      { index: 0, spans: bare(phrases.slice(0, 3)) },
      { index: 1, spans: bare(phrases.slice(3)) },
    ]);
  });

  it('ends a window that holds enough at its longest pause, the later of equals', () => {
    const pauses = [0, 500, 500, 700, 900, 900, 500, 800];
    const phrases = pauses.map((pauseMs, at) => run(at * 5000, at * 5000 + 5000, pauseMs));
    expect(planWindows(phrases, middle)).toEqual([
      // 20 s are enough: of the pauses after 20 and 25 s the later; the one after 15 s comes too early.
      { index: 0, spans: [{ startMs: 0, endMs: 25_000 }] },
      { index: 1, spans: [{ startMs: 25_000, endMs: 40_000 }] },
    ]);
  });

  it('divides nothing that fits into one window, whatever its pauses', () => {
    const phrases = [run(0, 20_000), run(30_000, 35_000, 10_000)];
    expect(planWindows(phrases, middle)).toEqual([{ index: 0, spans: bare(phrases) }]);
  });

  it('cuts unbroken talk at the quietest point of the last third and fills up what is left', () => {
    const asked: Span[] = [];
    const quietest = (startMs: number, endMs: number) => {
      asked.push({ startMs, endMs });
      return 21_234;
    };
    const talk = [run(0, 40_000, 0), run(50_000, 55_000, 10_000)];
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
          expect(spansMs(window.spans)).toBeLessThanOrEqual(WINDOW_LIMITS.maxMs);
          for (const { startMs, endMs } of window.spans) expect(endMs).toBeGreaterThan(startMs);
        });
      }),
    );
  });

  it('ends no window before it holds enough, unless what follows does not fit into it', () => {
    fc.assert(
      fc.property(runs, (speech) => {
        const { maxMs, enoughMs } = WINDOW_LIMITS;
        const short = speech.filter((each) => spansMs([each]) <= maxMs);
        const windows = planWindows(short, middle);
        windows.slice(0, -1).forEach(({ spans }, i) => {
          const heldMs = spansMs(spans);
          const nextStartMs = windows[i + 1]?.spans[0]?.startMs;
          const next = short.find(({ startMs }) => startMs === nextStartMs);
          expect(heldMs >= enoughMs || heldMs + spansMs(next === undefined ? [] : [next]) > maxMs).toBe(true);
        });
      }),
    );
  });

  it('plans nothing when nobody speaks', () => {
    expect(planWindows([], middle)).toEqual([]);
  });
});
