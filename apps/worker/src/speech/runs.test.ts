import { describe, expect, it } from '@jest/globals';
import type { Span } from '@sotto/contracts';
import fc from 'fast-check';
import { SPEECH_OPTIONS, speechRuns } from './runs.ts';

const DURATION_MS = 60_000;
const segments = fc.array(
  fc
    .record({ startMs: fc.nat(DURATION_MS), lengthMs: fc.integer({ min: 1, max: 9000 }) })
    .map(({ startMs, lengthMs }): Span => ({ startMs, endMs: startMs + lengthMs })),
  { maxLength: 30 },
);

function covers(spans: Span[], ms: number): boolean {
  return spans.some(({ startMs, endMs }) => startMs <= ms && ms < endMs);
}

describe('speechRuns', () => {
  it('pads talk and bridges short pauses', () => {
    const found = [
      { startMs: 1000, endMs: 2000 },
      { startMs: 2200, endMs: 3000 },
      { startMs: 3400, endMs: 4000 },
    ];
    expect(speechRuns(found, 10_000, { bridgeMs: 300, padMs: 300 })).toEqual([
      { startMs: 700, endMs: 3200, pauseBeforeMs: 1000 },
      { startMs: 3200, endMs: 4300, pauseBeforeMs: 400 },
    ]);
  });

  it('keeps all speech, sorted, apart, inside, and adds no more than its padding', () => {
    fc.assert(
      fc.property(segments, (found) => {
        const runs = speechRuns(found, DURATION_MS);
        let lastEnd = 0;
        for (const { startMs, endMs } of runs) {
          expect(startMs).toBeGreaterThanOrEqual(lastEnd);
          expect(endMs).toBeGreaterThan(startMs);
          lastEnd = endMs;
        }
        expect(lastEnd).toBeLessThanOrEqual(DURATION_MS);
        const { padMs, bridgeMs } = SPEECH_OPTIONS;
        const reach = found.map(({ startMs, endMs }) => ({
          startMs: startMs - padMs - bridgeMs,
          endMs: endMs + padMs + bridgeMs,
        }));
        const times = Array.from({ length: DURATION_MS / 50 }, (_, i) => 50 * i);
        expect(times.filter((ms) => covers(found, ms) && !covers(runs, ms))).toEqual([]);
        expect(times.filter((ms) => covers(runs, ms) && !covers(reach, ms))).toEqual([]);
      }),
    );
  });
});
