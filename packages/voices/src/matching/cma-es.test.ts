import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { candidatesOf, nextGeneration, type SearchState, startSearch } from './cma-es.ts';

type Score = (candidate: readonly number[]) => number;

function search(score: Score, start: readonly number[], generations: number, seed = 1, count = 12): SearchState {
  let state = startSearch(start, 0.5);
  for (let generation = 0; generation < generations; generation++) {
    const candidates = candidatesOf(state, count, seed);
    state = nextGeneration(
      state,
      candidates.map((candidate) => ({ candidate, score: score(candidate) })),
    );
  }
  return state;
}

const sphere =
  (top: readonly number[]): Score =>
  (x) =>
    -x.reduce((sum, value, i) => sum + (value - (top[i] ?? 0)) ** 2, 0);

describe('the search', () => {
  it('finds the top of a hill, wherever it is', () => {
    const coordinate = fc.integer({ min: -3, max: 3 });
    fc.assert(
      fc.property(fc.array(coordinate, { minLength: 2, maxLength: 6 }), fc.nat(), (top, seed) => {
        const { mean } = search(
          sphere(top),
          top.map(() => 0),
          120,
          seed,
        );
        expect(-sphere(top)(mean)).toBeLessThan(1e-4);
      }),
      { numRuns: 25 },
    );
  });

  it('finds it along a ridge, which it can only by learning where that leads', () => {
    const ridge: Score = ([a = 0, b = 0, c = 0]) => -((a + b - 2) ** 2) - 1e4 * (a - b) ** 2 - 100 * (c - 1) ** 2;
    const { mean } = search(ridge, [0, 0, 0], 160);
    for (const [i, value] of [1, 1, 1].entries()) expect(mean[i]).toBeCloseTo(value, 2);
  });

  it('is the same for the same seed, and when it goes on from what was stored', () => {
    const score = sphere([1, -2, 3]);
    const whole = search(score, [0, 0, 0], 8, 7);
    let state: SearchState = JSON.parse(JSON.stringify(search(score, [0, 0, 0], 3, 7)));
    for (let generation = 3; generation < 8; generation++) {
      const scored = candidatesOf(state, 12, 7).map((candidate) => ({ candidate, score: score(candidate) }));
      state = nextGeneration(state, scored);
    }
    expect(state).toEqual(whole);
    expect(search(score, [0, 0, 0], 8, 8).mean).not.toEqual(whole.mean);
  });

  it('does not depend on the order in which candidates were evaluated, nor on how scores are spread', () => {
    fc.assert(
      fc.property(fc.nat(), fc.integer({ min: 2, max: 5 }), (seed, size) => {
        const state = startSearch(new Array<number>(size).fill(0), 0.7);
        const scored = candidatesOf(state, 10, seed).map((candidate) => ({ candidate, score: candidate[0] ?? 0 }));
        const next = nextGeneration(state, scored);
        expect(nextGeneration(state, scored.toReversed())).toEqual(next);
        const spread = scored.map(({ candidate, score }) => ({ candidate, score: Math.exp(3 * score) }));
        expect(nextGeneration(state, spread)).toEqual(next);
      }),
    );
  });

  it('stays finite where everything is alike', () => {
    const { mean, sigma, covariance } = search(() => 0, [0, 0], 200);
    expect([...mean, sigma, ...covariance.flat()].every(Number.isFinite)).toBe(true);
  });
});
