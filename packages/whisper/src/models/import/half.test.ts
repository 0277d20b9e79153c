import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { fromHalf, isUnusableHalf, toHalf } from './half.ts';

describe('half precision', () => {
  it('every half that is a number survives the way there and back', () => {
    const halves = Array.from({ length: 0x10000 }, (_, bits) => bits).filter((bits) => !isUnusableHalf(bits));
    expect(halves.map((bits) => toHalf(fromHalf(bits)))).toEqual(halves);
  });

  it('rounds to the nearest, ties to even', () => {
    fc.assert(
      fc.property(fc.float({ min: -65_504, max: 65_504, noNaN: true }), (value) => {
        const half = toHalf(value);
        const error = Math.abs(fromHalf(half) - value);
        for (const neighbour of [half - 1, half + 1]) {
          if (neighbour < 0 || (neighbour & 0x7fff) > 0x7bff || (neighbour ^ half) & 0x8000) continue;
          const other = Math.abs(fromHalf(neighbour) - value);
          expect(error < other || (error === other && (half & 1) === 0)).toBe(true);
        }
      }),
      { numRuns: 5_000 },
    );
  });

  it('keeps signs of zero, infinities and NaN', () => {
    expect([toHalf(-0), toHalf(0), toHalf(1e9), toHalf(-1e9), toHalf(65_520)]).toEqual([
      0x8000, 0, 0x7c00, 0xfc00, 0x7c00,
    ]);
    expect([0x8000, 0, 0x7c00, 0xfc00, 0x7c01, 0xfe00].map(fromHalf)).toEqual([
      -0,
      0,
      Infinity,
      -Infinity,
      Number.NaN,
      Number.NaN,
    ]);
    expect(isUnusableHalf(toHalf(Number.NaN))).toBe(true);
    expect(toHalf(65_519)).toBe(0x7bff);
    expect(toHalf(2 ** -25)).toBe(0);
    expect(toHalf(2 ** -25 * 1.0001)).toBe(1);
  });
});
