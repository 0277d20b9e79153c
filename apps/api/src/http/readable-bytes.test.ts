import { describe, expect, it } from '@jest/globals';
import { readableBytes } from './readable-bytes.ts';

describe('readableBytes', () => {
  it.each([
    [0, '0 bytes'],
    [1000, '1000 bytes'],
    [1024, '1KB'],
    [11_010_048, '10.5MB'],
    [1_073_741_824, '1GB'],
  ])('%d is %s', (bytes, text) => {
    expect(readableBytes(bytes)).toBe(text);
  });
});
