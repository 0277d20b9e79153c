import { expect, it } from '@jest/globals';
import type { EditedSegment } from '@sotto/transcript';
import { wordAt } from './current-word.ts';

const line = (id: string, startMs: number, endMs: number, starts: number[]) =>
  ({ id, startMs, endMs, words: starts.map((start) => ({ startMs: start, endMs: start + 50 })) }) as EditedSegment;

it('the current word is the last one that has begun, in the line that is being said', () => {
  const lines = [line('0', 100, 500, [100, 300]), line('1', 600, 900, [650])];
  const at = (ms: number) => wordAt(lines, ms);
  expect([at(0), at(100), at(299), at(300), at(500)]).toEqual([
    null,
    { segmentId: '0', word: 0 },
    { segmentId: '0', word: 0 },
    { segmentId: '0', word: 1 },
    { segmentId: '0', word: 1 },
  ]);
  expect([at(550), at(620), at(899), at(901)]).toEqual([
    null,
    { segmentId: '1', word: -1 },
    { segmentId: '1', word: 0 },
    null,
  ]);
  expect(wordAt([], 5)).toBeNull();
});
