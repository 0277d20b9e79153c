import { describe, expect, it } from '@jest/globals';
import { compressionRatio } from './decoded-window.ts';

describe('compressionRatio', () => {
  it('is above 2.4 for text that repeats itself, and below for text that does not', () => {
    expect(compressionRatio('thank you '.repeat(30))).toBeGreaterThan(2.4);
    expect(compressionRatio('Ask not what your country can do for you.')).toBeLessThan(1.5);
  });

  it('counts bytes, not characters', () => {
    expect(compressionRatio('')).toBe(0);
    expect(compressionRatio('日本語')).toBeGreaterThan(compressionRatio('abc'));
  });
});
