import { expect, it } from '@jest/globals';
import { smoothed } from './smoothed.ts';

const turn = (start: number, end: number, speaker = 0) => ({ start, end, speaker });

it('joins turns of a speaker over less than 0.3 s, whoever else speaks meanwhile', () => {
  const turns = [turn(0, 1), turn(1.05, 1.26, 1), turn(1.25, 2), turn(2.31, 3), turn(3.1, 4, 1)];
  expect(smoothed(turns)).toEqual([turn(0, 2), turn(1.05, 1.26, 1), turn(2.31, 3), turn(3.1, 4, 1)]);
});

it('leaves out what is shorter than 0.2 s and by itself', () => {
  expect(smoothed([turn(0, 0.15), turn(1, 1.15), turn(1.3, 1.45), turn(3, 3.19, 1)])).toEqual([turn(1, 1.45)]);
});

it('keeps what is given to it', () => {
  const turns = [turn(0.1, 1), turn(0, 1, 1), turn(1.1, 2)];
  const before = structuredClone(turns);
  expect(smoothed(turns)).toEqual([turn(0, 1, 1), turn(0.1, 2)]);
  expect(turns).toEqual(before);
});
