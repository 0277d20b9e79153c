import { expect, it } from '@jest/globals';
import type { EditedSegment } from '@sotto/transcript';
import { type DoubtfulWord, doubtfulWord } from './doubtful.ts';

const line = (state: EditedSegment['state'], ...confidences: number[]) =>
  ({ state, words: confidences.map((confidence) => ({ confidence })) }) as EditedSegment;
const LINES = [line('kept', 0.9, 0.1, 0.2), line('dropped', 0.1), line('kept', 0.9), line('kept', 0.3, 0.9)];
const FOUND = [
  { line: 0, word: 1 },
  { line: 0, word: 2 },
  { line: 3, word: 0 },
];

it('goes from one doubtful word to the next, and back, over lines that are not part of the text', () => {
  const walked = (by: 1 | -1): DoubtfulWord[] => {
    const all: DoubtfulWord[] = [];
    for (let at = doubtfulWord(LINES, null, by); at !== null; at = doubtfulWord(LINES, at, by)) all.push(at);
    return all;
  };
  expect(walked(1)).toEqual(FOUND);
  expect(walked(-1)).toEqual(FOUND.toReversed());
  expect(doubtfulWord(LINES, { line: 1, word: -1 }, 1)).toEqual({ line: 3, word: 0 });
  expect(doubtfulWord(LINES, { line: 3, word: -1 }, -1)).toEqual({ line: 0, word: 2 });
  expect(doubtfulWord([], null, 1)).toBeNull();
});
