import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { partsOf, wordAt } from './words.ts';

const word = (text: string, start = 0) => ({ word: text, start, end: start + 0.1 });

describe('words of a piece', () => {
  it('are found by the time at which they are heard', () => {
    const words = [word('One', 0.1), word('two.', 0.5)];
    expect([0, 0.1, 0.4, 0.5, 9].map((seconds) => wordAt(words, seconds))).toEqual([-1, 0, 0, 1, 1]);
    expect(wordAt(undefined, 1)).toBe(-1);
  });

  it('divide its text', () => {
    expect(partsOf('It was $45.50, so it was.', [word('It'), word('was'), word('$45.50,'), word('so')])).toEqual([
      { text: 'It', at: 0, word: 0 },
      { text: ' ', at: 2, word: null },
      { text: 'was', at: 3, word: 1 },
      { text: ' ', at: 6, word: null },
      { text: '$45.50,', at: 7, word: 2 },
      { text: ' ', at: 14, word: null },
      { text: 'so', at: 15, word: 3 },
      { text: ' it was.', at: 17, word: null },
    ]);
  });

  it('leave nothing of it out, whatever they are', () => {
    fc.assert(
      fc.property(fc.string(), fc.array(fc.string()), (text, words) => {
        const parts = partsOf(
          text,
          words.map((each) => word(each)),
        );
        expect(parts.map((part) => part.text).join('')).toBe(text);
      }),
    );
  });
});
