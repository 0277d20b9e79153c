import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { FairShares, type UnfinishedRun } from './fair-share.ts';

const run = (id: string, cost: number, more: Partial<UnfinishedRun> = {}): UnfinishedRun => ({
  id,
  cost,
  lane: 'batch',
  keyId: 'k',
  weight: 1,
  ...more,
});

const costUntilDone = (id: string, runs: UnfinishedRun[]) => new FairShares(runs).costUntilDone(id);

describe('FairShares', () => {
  it('is the cost of a run that is alone, and null for an unknown run', () => {
    expect(costUntilDone('a', [run('a', 100)])).toBe(100);
    expect(costUntilDone('b', [run('a', 100)])).toBeNull();
  });

  it('lets a short run overtake a long one of its key', () => {
    const both = [run('short', 100), run('long', 1_000)];
    expect(costUntilDone('short', both)).toBe(200);
    expect(costUntilDone('long', both)).toBe(1_100);
  });

  it('puts the interactive lane before the batch lane, and never the other way', () => {
    const both = [run('clip', 3, { lane: 'interactive' }), run('film', 1_000)];
    expect(costUntilDone('clip', both)).toBe(3);
    expect(costUntilDone('film', both)).toBe(1_003);
  });

  it('shares between keys by weight, however many runs each has', () => {
    const many = Array.from({ length: 20 }, (_, i) => run(`m${i}`, 500, { keyId: 'many' }));
    expect(costUntilDone('one', [run('one', 100, { keyId: 'one' }), ...many])).toBeCloseTo(200);
    expect(costUntilDone('one', [run('one', 100, { keyId: 'one', weight: 4 }), ...many])).toBeCloseTo(125);
  });

  it('is between the cost of the run and the cost of all, which the last run reaches', () => {
    const runs = fc.array(
      fc.record({
        cost: fc.integer({ min: 1, max: 100_000 }),
        lane: fc.constantFrom<UnfinishedRun['lane'][]>('interactive', 'batch'),
        keyId: fc.constantFrom('a', 'b', null),
        weight: fc.constantFrom(1, 2.5),
      }),
      { minLength: 1, maxLength: 20 },
    );
    fc.assert(
      fc.property(runs, (made) => {
        const all = made.map((one, i) => ({ ...one, id: String(i) }));
        const total = all.reduce((sum, { cost }) => sum + cost, 0);
        const shares = new FairShares(all);
        const untilDone = all.map(({ id, cost }) => {
          const until = shares.costUntilDone(id) ?? Number.NaN;
          expect(until).toBeCloseTo(byDefinition(id, all), 3);
          expect(until).toBeGreaterThanOrEqual(cost - 1e-6);
          expect(until).toBeLessThanOrEqual(total + 1e-6);
          return until;
        });
        expect(Math.max(...untilDone)).toBeCloseTo(total, 3);
      }),
    );
  });
});

/** Computed run by run, by the definition. */
function byDefinition(id: string, all: readonly UnfinishedRun[]): number {
  const own = all.find((one) => one.id === id);
  if (own === undefined) return Number.NaN;
  const shareOf = ({ lane, keyId, weight }: UnfinishedRun) =>
    weight / all.filter((other) => other.lane === lane && other.keyId === keyId).length;
  const made = (other: UnfinishedRun): number => {
    if (other.lane === own.lane) return Math.min(other.cost, (own.cost * shareOf(other)) / shareOf(own));
    return other.lane === 'interactive' ? other.cost : 0;
  };
  return all.reduce((sum, other) => sum + made(other), 0);
}
