import { describe, expect, it } from '@jest/globals';
import { speaking, turnsOf } from './binarise.ts';

const timeline = (counts: number[], scores: number[][]) => ({
  frames: counts.length,
  speakers: scores[0]?.length ?? 0,
  counts: Float32Array.from(counts),
  scores: Float32Array.from(scores.flat()),
});

describe('who speaks in a frame', () => {
  it('begins at 0.6, and goes on down to 0.35', () => {
    const on = speaking(timeline([0.5, 0.61, 0.4, 0.36, 0.3, 0.5], Array(6).fill([1])));
    expect([...on]).toEqual([0, 1, 1, 1, 0, 0]);
  });

  it('needs less, begins at 0.3 and goes on down to 0.1, where a detector hears speech', () => {
    const counts = [0.2, 0.31, 0.11, 0.05, 0.2, 0.35, 0.4, 0.2];
    // Frames count from 31, 48, 65, 82, 99, 115, 132 and 149 ms on.
    const speech = [{ start: 0.01, end: 0.12 }];
    expect([...speaking(timeline(counts, Array(8).fill([1])), speech)]).toEqual([0, 1, 1, 0, 0, 1, 1, 0]);
    expect([...speaking(timeline(counts, Array(8).fill([1])), [])]).toEqual(Array(8).fill(0));
  });

  it('is as many as speak at once, the surest ones', () => {
    const on = speaking(
      timeline(
        [1, 1.7, 1, 1.3],
        [
          [0.2, 0.7, 0.1],
          [0.2, 0.7, 0.8],
          [0.3, 0.7, 0.5],
          [0.3, 0.7, 0.5],
        ],
      ),
    );
    expect([...on]).toEqual([0, 1, 0, 0, 1, 1, 0, 1, 0, 0, 1, 0]);
  });

  it('is another one from 0.45 on, who goes on down to 0.25', () => {
    const on = speaking(timeline([1.4, 1.46, 1.26, 1.2, 1.4, 2.5], Array(6).fill([0.9, 0.5, 0.4])));
    expect([...on]).toEqual([1, 0, 0, 1, 1, 0, 1, 1, 0, 1, 0, 0, 1, 0, 0, 1, 1, 1]);
  });

  it('is nobody of whom nothing was heard', () => {
    expect([...speaking(timeline([2], [[0.9, 0]]))]).toEqual([1, 0]);
  });
});

it('makes turns of runs, to the end of the recording at most', () => {
  const turns = turnsOf(Uint8Array.from([1, 0, 1, 1, 0, 1]), 2, 0.05);
  expect(turns).toEqual([
    { start: expect.closeTo(0.031, 3), end: expect.closeTo(0.05, 3), speaker: 0 },
    { start: expect.closeTo(0.0478, 3), end: 0.05, speaker: 1 },
  ]);
});
