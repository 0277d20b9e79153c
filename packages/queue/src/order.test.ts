import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { ASSEMBLE_PRIORITY, transcribePriority, windowPriority } from './order.ts';

/** BullMQ's limit. */
const MAX_PRIORITY = 2_097_151;

describe('order', () => {
  it('runs every interactive window before any batch window, and windows of a lane by their number', () => {
    fc.assert(
      fc.property(fc.nat(200_000), fc.nat(200_000), (a, b) => {
        expect(windowPriority('interactive', a)).toBeLessThan(windowPriority('batch', b));
        if (a <= b) expect(windowPriority('batch', a)).toBeLessThanOrEqual(windowPriority('batch', b));
        expect(windowPriority('interactive', a)).toBeGreaterThanOrEqual(1);
        expect(windowPriority('batch', a)).toBeLessThanOrEqual(MAX_PRIORITY);
      }),
    );
  });

  it('assembles before it begins, and begins interactive runs first', () => {
    expect(ASSEMBLE_PRIORITY).toBe(0);
    expect(transcribePriority('interactive')).toBeLessThan(transcribePriority('batch'));
    expect(transcribePriority('interactive')).toBeGreaterThan(0);
  });
});
