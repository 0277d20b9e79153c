import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { retryAfterMs } from './remote-answer.ts';

const NOW_MS = Date.parse('2026-11-21T10:00:00Z');

describe('retryAfterMs', () => {
  it.each([
    ['3', 3_000],
    [' 0 ', 0],
    ['Sat, 21 Nov 2026 10:00:30 GMT', 30_000],
    ['Sat, 21 Nov 2026 09:00:00 GMT', 0],
    ['soon', null],
    ['-1', null],
    ['', null],
    [null, null],
  ])('of %j is %j', (header, expected) => {
    expect(retryAfterMs(header, NOW_MS)).toBe(expected);
  });

  it('of anything is a time to wait, or none', () => {
    fc.assert(fc.property(fc.string(), (text) => (retryAfterMs(text, NOW_MS) ?? 0) >= 0));
  });
});
