import { describe, expect, it } from '@jest/globals';
import type { FoundFile } from '../../recordings/find-recordings.ts';
import { SettledFiles } from './settled.ts';

const file = (bytes: number, modifiedMs = 0, path = 'a.wav'): FoundFile => ({ path, bytes, modifiedMs });

describe('a file has settled', () => {
  it('when it has been the same for long enough, and is told once', () => {
    const settled = new SettledFiles(1_000);
    const told = (at: number, ...files: FoundFile[]) => settled.look(files, at).map(({ path }) => path);
    expect(told(0, file(10))).toEqual([]);
    expect(told(900, file(10))).toEqual([]);
    expect(told(1_000, file(10))).toEqual(['a.wav']);
    expect(told(5_000, file(10))).toEqual([]);
  });

  it('not while it grows, is rewritten or is empty', () => {
    const settled = new SettledFiles(1_000);
    expect(settled.look([file(10)], 0)).toEqual([]);
    expect(settled.look([file(20)], 1_500)).toEqual([]);
    expect(settled.look([file(20, 7)], 2_600)).toEqual([]);
    expect(settled.look([file(0)], 2_700)).toEqual([]);
    expect(settled.look([file(0)], 9_000)).toEqual([]);
    expect(settled.look([file(30)], 9_500)).toEqual([]);
    expect(settled.look([file(30)], 10_500)).toHaveLength(1);
  });

  it('again when it has changed, or gone and come back', () => {
    const settled = new SettledFiles(0);
    const look = (at: number, ...files: FoundFile[]) => settled.look(files, at).length;
    expect([look(0, file(10)), look(1, file(10))]).toEqual([0, 1]);
    expect([look(2, file(10, 5)), look(3, file(10, 5))]).toEqual([0, 1]);
    expect([look(4), look(5, file(10, 5)), look(6, file(10, 5))]).toEqual([0, 0, 1]);
  });
});
