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

  it('is as many as speak at once, the surest ones', () => {
    const on = speaking(
      timeline(
        [1, 1.7, 1.3],
        [
          [0.2, 0.7, 0.1],
          [0.2, 0.7, 0.8],
          [0.3, 0.7, 0.5],
        ],
      ),
    );
    expect([...on]).toEqual([0, 1, 0, 0, 1, 1, 0, 1, 0]);
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
