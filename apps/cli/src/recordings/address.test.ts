import { expect, it } from '@jest/globals';
import { isAddress, nameOfAddress } from './address.ts';

it.each([
  ['https://example.org/talks/talk%20one.mp3?token=1', 'talk one.mp3'],
  ['https://example.org/talks/', 'talks'],
  ['https://example.org', 'example.org'],
  ['https://example.org/a%2Fb%2F..%2Fc.mp3', 'c.mp3'],
  ['https://example.org/100%.mp3', '100%.mp3'],
])('%s is called %s', (address, name) => {
  expect(nameOfAddress(new URL(address))).toBe(name);
});

it('takes only what the service can fetch for an address', () => {
  expect(['HTTP://example.org/a.mp3', 'https://x', 'ftp://x/a.mp3', 'talk.mp3', 'http://'].map(isAddress)).toEqual([
    true,
    true,
    false,
    false,
    false,
  ]);
});
