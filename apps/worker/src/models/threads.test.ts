import { describe, expect, it } from '@jest/globals';
import { engineThreads } from './threads.ts';

describe('engineThreads', () => {
  it('takes all cores of an ordinary machine', () => {
    expect([1, 2, 8, 16].map((cores) => engineThreads(cores, 0))).toEqual([1, 2, 8, 16]);
    expect(engineThreads(96, 0)).toBe(16);
  });

  it('follows a wish as far as there are cores', () => {
    expect(engineThreads(8, 3)).toBe(3);
    expect(engineThreads(2, 8)).toBe(2);
    expect(engineThreads(0, 0)).toBe(1);
  });
});
