import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { LANE_RANGES, prioritiesOf, type Turn } from './priorities.ts';

/** BullMQ's limit. */
const MAX_PRIORITY = 2_097_151;

const turns: fc.Arbitrary<Turn> = fc.record({
  start: fc.double({ min: 1, max: 2_000_000, noNaN: true }),
  weight: fc.double({ min: 0.01, max: 100, noNaN: true }),
  runs: fc.nat(1000),
});

describe('prioritiesOf', () => {
  it('keeps windows in order, inside their lane and inside what BullMQ takes', () => {
    fc.assert(
      fc.property(turns, fc.integer({ min: 1, max: 500 }), (turn, count) => {
        for (const lane of ['interactive', 'batch'] as const) {
          const priorities = prioritiesOf(lane, turn, count);
          const { before, size } = LANE_RANGES[lane];
          expect(priorities).toEqual([...priorities].sort((a, b) => a - b));
          expect(priorities.every((p) => Number.isInteger(p) && p > before && p <= before + size)).toBe(true);
        }
      }),
    );
  });

  it('puts the last interactive window before the first batch window', () => {
    const { interactive, batch } = LANE_RANGES;
    expect(interactive.before + interactive.size).toBeLessThan(batch.before + 1);
    expect(interactive.before).toBeGreaterThanOrEqual(0);
    expect(batch.before + batch.size).toBeLessThanOrEqual(MAX_PRIORITY);
  });

  it('gives keys windows by weight, however many recordings each has', () => {
    const key = fc.record({ weight: fc.integer({ min: 1, max: 8 }), runs: fc.integer({ min: 1, max: 12 }) });
    fc.assert(
      fc.property(key, key, (a, b) => {
        const rounds = 400;
        const until = (owner: { weight: number; runs: number }) =>
          Array.from({ length: owner.runs }, (_, i) =>
            prioritiesOf('batch', { ...owner, start: 1 + i / owner.weight }, rounds * owner.weight),
          )
            .flat()
            .filter((priority) => priority <= LANE_RANGES.batch.before + rounds).length;
        const ratio = until(a) / until(b);
        const fair = a.weight / b.weight;
        expect(ratio).toBeGreaterThan(fair * 0.9);
        expect(ratio).toBeLessThan(fair * 1.1);
      }),
    );
  });
});
