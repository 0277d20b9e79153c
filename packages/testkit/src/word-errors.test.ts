import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { comparableWords, wordErrorRate, wordErrors } from './word-errors.ts';

const words = fc.array(fc.constantFrom('ask', 'not', 'what', "can't", 'über'), { maxLength: 12 });

describe('comparableWords', () => {
  it('ignores case and punctuation, and keeps an apostrophe inside a word', () => {
    expect(comparableWords("And so, my fellow Americans: 'DON’T' ask!")).toEqual([
      'and',
      'so',
      'my',
      'fellow',
      'americans',
      "don't",
      'ask',
    ]);
  });

  it('compares composed and decomposed letters as equal', () => {
    expect(comparableWords('fu\u0308nf')).toEqual(comparableWords('fünf'));
  });
});

describe('wordErrorRate', () => {
  it('counts substituted, missing and invented words', () => {
    expect(wordErrors('one two three four', 'one too three four')).toEqual({ errors: 1, words: 4 });
    expect(wordErrors('one two three four', 'one three four')).toEqual({ errors: 1, words: 4 });
    expect(wordErrors('one two three four', 'one two and three four')).toEqual({ errors: 1, words: 4 });
    expect(wordErrorRate('one two three four', '')).toBe(1);
  });

  it('of silence is 0 when nothing was heard', () => {
    expect(wordErrorRate('', ' ')).toBe(0);
    expect(wordErrorRate('', 'thank you')).toBe(2);
  });

  it('is a distance: none to itself, symmetric, at most the longer text, at least the difference in length', () => {
    fc.assert(
      fc.property(words, words, (a, b) => {
        const { errors } = wordErrors(a.join(' '), b.join(' '));
        expect(wordErrors(b.join(' '), a.join(' ')).errors).toBe(errors);
        expect(errors).toBeLessThanOrEqual(Math.max(a.length, b.length));
        expect(errors).toBeGreaterThanOrEqual(Math.abs(a.length - b.length));
        expect(errors === 0).toBe(a.join(' ') === b.join(' '));
      }),
    );
  });
});
