import { describe, expect, it } from '@jest/globals';
import { prefixed } from './log-lines.ts';
import { bytesText, table } from './output.ts';

const LINE = JSON.stringify({
  timestamp: '2026-03-01T12:34:56.789Z',
  level: 'ERROR',
  service: 'sotto-worker',
  message: 'a job failed',
  error: { name: 'Error', message: 'no sound', stack: 'Error: ...' },
});

describe('prefixed', () => {
  it('shortens log lines for people', () => {
    expect(prefixed('api', LINE, true)).toBe('api    | 12:34:56 ERROR   a job failed: no sound');
  });

  it('leaves them whole for programs, and other lines as they are', () => {
    expect(prefixed('worker', LINE, false)).toBe(`worker | ${LINE}`);
    expect(prefixed('redis', 'Ready to accept connections', true)).toBe('redis  | Ready to accept connections');
    expect(prefixed('api', '{"level": broken', true)).toBe('api    | {"level": broken');
    expect(prefixed('api', '{"level":"INFO"}', true)).toBe('api    | {"level":"INFO"}');
  });
});

describe('bytesText', () => {
  it('keeps three digits', () => {
    expect([0, 999, 1_500, 17_846_150, 147_951_465, 3_095_033_483].map(bytesText)).toEqual([
      '0 B',
      '999 B',
      '1.5 kB',
      '17.8 MB',
      '148 MB',
      '3.1 GB',
    ]);
  });
});

describe('table', () => {
  it('aligns columns', () => {
    expect(
      table([
        ['A', 'BB', 'C'],
        ['long', 'b', ''],
      ]),
    ).toBe('A     BB  C\nlong  b');
  });
});
