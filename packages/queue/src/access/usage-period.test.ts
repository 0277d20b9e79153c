import { describe, expect, it } from '@jest/globals';
import { daysBetween, periodsAt } from './usage-period.ts';

describe('periodsAt', () => {
  it('knows the day and the month of UTC, and when they end', () => {
    expect(periodsAt(Date.UTC(2026, 11, 31, 23, 59, 59, 999))).toEqual({
      day: '2026-12-31',
      dayEndsAtMs: Date.UTC(2027, 0, 1),
      month: '2026-12',
      monthEndsAtMs: Date.UTC(2027, 0, 1),
    });
    expect(periodsAt(Date.UTC(2028, 1, 29))).toMatchObject({ day: '2028-02-29', monthEndsAtMs: Date.UTC(2028, 2, 1) });
  });
});

describe('daysBetween', () => {
  it('has both ends', () => {
    expect(daysBetween('2026-02-27', '2026-03-01')).toEqual(['2026-02-27', '2026-02-28', '2026-03-01']);
    expect(daysBetween('2026-03-01', '2026-03-01')).toEqual(['2026-03-01']);
    expect(daysBetween('2026-03-01', '2026-02-28')).toEqual([]);
  });
});
