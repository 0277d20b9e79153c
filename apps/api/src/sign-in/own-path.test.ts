import { expect, it } from '@jest/globals';
import { ownPath } from './own-path.ts';

it.each([
  ['/app', '/app'],
  ['/app/library?tag=a b#1', '/app/library?tag=a%20b#1'],
  ['/app/../jobs', '/jobs'],
  [undefined, '/'],
  ['', '/'],
  ['app', '/'],
  ['//evil.example', '/'],
  ['///evil.example', '/'],
  ['/\\evil.example', '/'],
  ['/\t/evil.example', '/'],
  ['/.//evil.example', '/'],
  ['/a/../..//evil.example', '/'],
  ['https://evil.example', '/'],
  ['javascript:alert(1)', '/'],
  ['/@evil.example', '/@evil.example'],
  [`/${'a'.repeat(3_000)}`, '/'],
])('%j leads to %s', (text, path) => {
  expect(ownPath(text)).toBe(path);
});
