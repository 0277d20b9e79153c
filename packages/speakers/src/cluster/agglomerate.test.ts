import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { dot, unit } from '../vectors.ts';
import { agglomerate, type Item } from './agglomerate.ts';

/** No two distances are the same, so that there is one right answer. */
const item = fc
  .record({ seed: fc.integer({ min: 1, max: 1e6 }), time: fc.integer({ min: 0, max: 8 }) })
  .map(
    ({ seed, time }): Item => ({ voice: Float64Array.from([1, 2, 3, 4], (k) => Math.sin(seed * k * 12.9898)), time }),
  );
const items = (maxLength: number) =>
  fc.uniqueArray(item, { minLength: 1, maxLength, selector: ({ voice }) => voice.join() });

/** Average linkage as its definition has it. */
function plain(items: readonly Item[], distance: number): number[][] {
  const clusters = items.map((_, index) => [index]);
  for (;;) {
    let best = { score: Number.POSITIVE_INFINITY, a: 0, b: 0 };
    clusters.forEach((left, a) => {
      clusters.slice(a + 1).forEach((right, offset) => {
        const pairs = left.flatMap((i) => right.map((j) => [items[i] as Item, items[j] as Item] as const));
        const sum = pairs.reduce((total, [i, j]) => total + 1 - dot(unit(i.voice), unit(j.voice)), 0);
        const together = pairs.filter(([i, j]) => i.time === j.time).length;
        const apart = together > 0.3 * Math.min(left.length, right.length) ? 5 : 0;
        const score = sum / pairs.length + apart;
        if (score < best.score) best = { score, a, b: a + 1 + offset };
      });
    });
    if (best.score > distance) return clusters;
    clusters[best.a]?.push(...(clusters[best.b] ?? []));
    clusters.splice(best.b, 1);
  }
}

const sorted = (clusters: readonly number[][]) =>
  clusters.map((cluster) => cluster.toSorted((a, b) => a - b)).toSorted((a, b) => (a[0] ?? 0) - (b[0] ?? 0));

describe('agglomeration', () => {
  it('is average linkage with cannot-links', () => {
    fc.assert(
      fc.property(items(14), fc.double({ min: 0.05, max: 1.5, noNaN: true }), (voices, distance) => {
        expect(sorted(agglomerate(voices, distance, 1).atDistance)).toEqual(sorted(plain(voices, distance)));
      }),
    );
  });

  it('gives as many clusters as asked for', () => {
    fc.assert(
      fc.property(items(20), fc.integer({ min: 1, max: 25 }), (voices, count) => {
        const { atCount } = agglomerate(voices, 0.7, count);
        expect(atCount).toHaveLength(Math.min(count, voices.length));
        expect(
          sorted(atCount)
            .flat()
            .toSorted((a, b) => a - b),
        ).toEqual(voices.map((_, index) => index));
      }),
    );
  });

  it('finds two voices among thousands of moments, block by block', () => {
    const items = Array.from({ length: 3000 }, (_, time): Item => {
      const wobble = Math.sin(time * 12.9898) * 0.3;
      return { voice: time % 3 === 0 ? Float64Array.from([1, wobble, 0]) : Float64Array.from([wobble, 0, 1]), time };
    });
    const { atDistance } = agglomerate(items, 0.7, 1);
    expect(atDistance.map(({ length }) => length).toSorted()).toEqual([1000, 2000]);
  });
});
