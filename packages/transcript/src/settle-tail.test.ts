import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { settleTail } from './settle-tail.ts';

/** `[length, length, ...]` as words of four letters, one after the other from 1000 ms on. */
function words(...lengths: number[]) {
  let at = 1000;
  return lengths.map((length) => {
    const startMs = at;
    at += length;
    return { word: ' word', startMs, endMs: at };
  });
}

const times = (settled: { startMs: number; endMs: number }[]) => settled.map(({ startMs, endMs }) => [startMs, endMs]);

describe('settleTail', () => {
  it('leaves usual words alone', () => {
    expect(settleTail(words(400, 300, 500, 320), 9000)).toEqual(words(400, 300, 500, 320));
  });

  it('gives a last word that was cut off a usual end, but not beyond the segment', () => {
    expect(times(settleTail(words(400, 400, 400, 100), 9000)).at(-1)).toEqual([2200, 2600]);
    expect(times(settleTail(words(400, 400, 400, 100), 2500)).at(-1)).toEqual([2200, 2500]);
  });

  it('ends a last word that was stretched through the pause', () => {
    expect(times(settleTail(words(400, 400, 400, 2000), 9000)).at(-1)).toEqual([2200, 3000]);
  });

  it('spreads squeezed words over what the segment leaves them', () => {
    expect(times(settleTail(words(400, 400, 400, 20, 0, 20), 3400)).slice(2)).toEqual([
      [1800, 2200],
      [2200, 2600],
      [2600, 3000],
      [3000, 3400],
    ]);
  });

  it('does not spread them over a long silence', () => {
    expect(times(settleTail(words(400, 400, 400, 20, 20), 60_000)).at(-1)?.[1]).toBe(2200 + 4 * 400);
  });

  it('does not guess from one or two words', () => {
    expect(settleTail(words(400, 10), 9000)).toEqual(words(400, 10));
    expect(settleTail([], 9000)).toEqual([]);
  });

  it('keeps words in order and starts of all before the tail, whatever they last', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(2000)), fc.nat(60_000), (lengths, segmentEndMs) => {
        const before = words(...lengths);
        const settled = settleTail(before, segmentEndMs);
        expect(settled.map(({ word }) => word)).toEqual(before.map(({ word }) => word));
        for (const [index, { startMs, endMs }] of settled.entries()) {
          expect(Number.isInteger(startMs) && Number.isInteger(endMs) && endMs >= startMs).toBe(true);
          expect(startMs).toBeGreaterThanOrEqual(settled[index - 1]?.endMs ?? 0);
        }
      }),
    );
  });
});
