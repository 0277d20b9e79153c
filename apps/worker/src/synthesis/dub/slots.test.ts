import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { fittingSpeed, placeInSlots, shareSlot } from './slots.ts';

const slot = (startMs: number, endMs: number) => ({ startMs, endMs });

describe('slots', () => {
  it('decide how fast something is said', () => {
    expect(fittingSpeed(1_200, slot(0, 1_000))).toBeCloseTo(1.2);
    expect(fittingSpeed(3_000, slot(0, 1_000))).toBe(1.3);
    expect(fittingSpeed(500, slot(0, 1_000))).toBe(0.8);
    expect(fittingSpeed(1_020, slot(0, 1_000))).toBe(1);
    expect(fittingSpeed(500, slot(7, 7))).toBe(1.3);
  });

  it('are divided by how long it is to say what is said in them', () => {
    expect(shareSlot(slot(1_000, 2_000), [3, 1])).toEqual([slot(1_000, 1_750), slot(1_750, 2_000)]);
  });

  it('are kept; what is late pushes what follows, and catches up in the next pause', () => {
    const pieces = [
      { slot: slot(500, 1_000), durationMs: 900 },
      { slot: slot(1_100, 1_500), durationMs: 400 },
      { slot: slot(3_000, 4_000), durationMs: 1_000 },
    ];
    expect(placeInSlots(pieces)).toEqual({ startsMs: [500, 1_400, 3_000], late: 2 });
  });

  it('never overlap, and nothing begins before its own', () => {
    const piece = fc.record({ startMs: fc.nat(60_000), lengthMs: fc.nat(5_000), durationMs: fc.nat(9_000) });
    fc.assert(
      fc.property(fc.array(piece), (given) => {
        const pieces = given.map(({ startMs, lengthMs, durationMs }) => {
          return { slot: slot(startMs, startMs + lengthMs), durationMs };
        });
        const { startsMs } = placeInSlots(pieces);
        for (const [at, startMs] of startsMs.entries()) {
          const before = at === 0 ? 0 : (startsMs[at - 1] ?? 0) + (pieces[at - 1]?.durationMs ?? 0);
          expect(startMs).toBe(Math.max(before, pieces[at]?.slot.startMs ?? 0));
        }
      }),
    );
  });
});
