import { describe, expect, it } from '@jest/globals';
import { markedWords, placesIn, replaced, wordAtCharacter } from './find.ts';

const words = [' One', ' two', ' One.'].map((word) => ({ word, startMs: 0, endMs: 0, confidence: 1 }));
const text = ' One two One.';

describe('looking for text in a line', () => {
  it('finds every place, with or without case', () => {
    expect(placesIn(text, { query: 'one', isExact: false })).toEqual([
      { from: 1, to: 4 },
      { from: 9, to: 12 },
    ]);
    expect(placesIn(text, { query: 'one', isExact: true })).toEqual([]);
    expect(placesIn(text, { query: '', isExact: false })).toEqual([]);
    expect(placesIn('İstanbul one', { query: 'one', isExact: false })).toEqual([{ from: 9, to: 12 }]);
  });

  it('replaces every place once, also where the new text holds the old one', () => {
    expect(replaced(text, { query: 'one', isExact: false }, 'one one')).toBe(' one one two one one.');
  });

  it('marks the words that a place touches', () => {
    expect([...markedWords({ words }, placesIn(text, { query: 'two o', isExact: false }))]).toEqual([1, 2]);
  });

  it('knows which words are before a character', () => {
    expect([0, 2, 4, 5, 8, 13].map((at) => wordAtCharacter({ words }, at))).toEqual([0, 0, 1, 1, 2, 3]);
  });
});
