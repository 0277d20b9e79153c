import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { anyString } from './any-string.ts';

it('gives whole characters of all of Unicode, and words that are dangerous', () => {
  const strings = fc.sample(anyString({ maxLength: 30 }), { numRuns: 5_000, seed: 1 });
  expect(strings.filter((text) => /\p{Cs}/u.test(text))).toEqual([]);
  const all = strings.join('');
  for (const kind of [/[\0-\u{7f}]/u, /[\u{80}-\u{d7ff}]/u, /[\u{e000}-\u{ffff}]/u, /[\u{10000}-\u{10ffff}]/u]) {
    expect(all).toMatch(kind);
  }
  expect(all).toContain('__proto__');
});

it('finds the smallest string that fails', () => {
  const { counterexample } = fc.check(
    fc.property(anyString(), (text) => [...text].length < 3),
    { seed: 1 },
  );
  expect(counterexample).toEqual(['\0\0\0']);
});
