import { describe, expect, it } from '@jest/globals';
import { afterCrash } from './backoff.ts';

describe('afterCrash', () => {
  it('waits longer after each crash in a row, up to half a minute', () => {
    const delays: number[] = [];
    let crashes = 0;
    for (let i = 0; i < 8; i += 1) {
      const { inARow, delayMs } = afterCrash(crashes, 100);
      crashes = inARow;
      delays.push(delayMs);
    }
    expect(delays).toEqual([500, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000]);
  });

  it('begins anew after a minute of health', () => {
    expect(afterCrash(6, 60_000)).toEqual({ inARow: 1, delayMs: 500 });
    expect(afterCrash(6, 59_999)).toEqual({ inARow: 7, delayMs: 30_000 });
  });
});
