import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { mixAt, voiceSpace } from './voice-space.ts';

const LENGTH = 12;
const tables = fc.integer({ min: 2, max: 6 }).chain((count) =>
  fc.array(fc.integer({ min: -9, max: 9 }), { minLength: count * LENGTH, maxLength: count * LENGTH }).map((values) => ({
    packs: Float32Array.from(values),
    voices: Array.from({ length: count }, (_, i) => `v${i}`),
  })),
);
const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);

function tableOf(packs: Float32Array, shares: readonly number[]): number[] {
  return Array.from({ length: LENGTH }, (_, at) =>
    sum(shares.map((share, v) => share * (packs[v * LENGTH + at] ?? 0))),
  );
}

describe('the space of voices', () => {
  it('has directions at right angles to one another, each a step of one standard deviation', async () => {
    await fc.assert(
      fc.asyncProperty(tables, async ({ packs, voices }) => {
        const { directions } = await voiceSpace(packs, voices, 16);
        expect(directions.length).toBeLessThan(voices.length);
        const steps = directions.map((shares) => tableOf(packs, shares));
        for (const [k, shares] of directions.entries()) {
          expect(sum(shares)).toBeCloseTo(0, 6);
          for (const other of steps.slice(0, k)) {
            const [a, b] = [steps[k] ?? [], other];
            expect(Math.abs(sum(a.map((value, i) => value * (b[i] ?? 0))))).toBeLessThan(
              1e-6 * sum(b.map((x) => x * x)) + 1e-9,
            );
          }
        }
        // Together, the steps are as long as the voices are apart.
        const mean = tableOf(
          packs,
          voices.map(() => 1 / voices.length),
        );
        const variance = sum([...packs].map((value, i) => (value - (mean[i % LENGTH] ?? 0)) ** 2)) / voices.length;
        expect(sum(steps.flat().map((value) => value ** 2))).toBeCloseTo(variance, 4);
      }),
      { numRuns: 50 },
    );
  });

  it('has each voice at the start of its search, and shares of 1 in total everywhere', async () => {
    await fc.assert(
      fc.asyncProperty(
        tables,
        fc.array(fc.integer({ min: -3, max: 3 }), { maxLength: 16 }),
        async (given, coordinates) => {
          const space = await voiceSpace(given.packs, given.voices, 16);
          expect(mixAt(space, 'v1', []).filter(({ share }) => share !== 0)).toEqual([{ voice: 'v1', share: 1 }]);
          expect(sum(mixAt(space, 'v0', coordinates).map(({ share }) => share))).toBeCloseTo(1, 4);
        },
      ),
      { numRuns: 50 },
    );
  });
});
