import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { FairShares, type UnfinishedRun } from './fair-share.ts';

const run = (id: string, audioMs: number, more: Partial<UnfinishedRun> = {}): UnfinishedRun => ({
  ...{ id, audioMs, lane: 'batch', keyId: 'k', weight: 1 },
  ...more,
});

const soundUntilDone = (id: string, runs: UnfinishedRun[]) => new FairShares(runs).soundUntilDone(id);

describe('FairShares', () => {
  it('is its own for a run alone, and unknown for one that is not there', () => {
    expect(soundUntilDone('a', [run('a', 100)])).toBe(100);
    expect(soundUntilDone('b', [run('a', 100)])).toBeNull();
  });

  it('lets a short run pass a long one of its key, at their common pace', () => {
    const both = [run('short', 100), run('long', 1_000)];
    expect(soundUntilDone('short', both)).toBe(200);
    expect(soundUntilDone('long', both)).toBe(1_100);
  });

  it('puts the interactive lane before the batch lane, and never the other way', () => {
    const both = [run('clip', 3, { lane: 'interactive' }), run('film', 1_000)];
    expect(soundUntilDone('clip', both)).toBe(3);
    expect(soundUntilDone('film', both)).toBe(1_003);
  });

  it('shares between keys by weight, however many runs each has', () => {
    const many = Array.from({ length: 20 }, (_, i) => run(`m${i}`, 500, { keyId: 'many' }));
    expect(soundUntilDone('one', [run('one', 100, { keyId: 'one' }), ...many])).toBeCloseTo(200);
    expect(soundUntilDone('one', [run('one', 100, { keyId: 'one', weight: 4 }), ...many])).toBeCloseTo(125);
  });

  it('is at least its own and at most all there is, and the last to be done is done with all of its lane', () => {
    const runs = fc.array(
      fc.record({
        audioMs: fc.integer({ min: 1, max: 100_000 }),
        lane: fc.constantFrom<UnfinishedRun['lane'][]>('interactive', 'batch'),
        keyId: fc.constantFrom('a', 'b', null),
        weight: fc.constantFrom(1, 2.5),
      }),
      { minLength: 1, maxLength: 20 },
    );
    fc.assert(
      fc.property(runs, (made) => {
        const all = made.map((one, i) => ({ ...one, id: String(i) }));
        const total = all.reduce((sum, { audioMs }) => sum + audioMs, 0);
        const shares = new FairShares(all);
        const until = all.map(({ id, audioMs }) => {
          const sound = shares.soundUntilDone(id) ?? Number.NaN;
          expect(sound).toBeCloseTo(byDefinition(id, all), 3);
          expect(sound).toBeGreaterThanOrEqual(audioMs - 1e-6);
          expect(sound).toBeLessThanOrEqual(total + 1e-6);
          return sound;
        });
        expect(Math.max(...until)).toBeCloseTo(total, 3);
      }),
    );
  });
});

/** Run by run, as its comment says. */
function byDefinition(id: string, all: readonly UnfinishedRun[]): number {
  const own = all.find((one) => one.id === id);
  if (own === undefined) return Number.NaN;
  const shareOf = ({ lane, keyId, weight }: UnfinishedRun) =>
    weight / all.filter((other) => other.lane === lane && other.keyId === keyId).length;
  const made = (other: UnfinishedRun): number => {
    if (other.lane === own.lane) return Math.min(other.audioMs, (own.audioMs * shareOf(other)) / shareOf(own));
    return other.lane === 'interactive' ? other.audioMs : 0;
  };
  return all.reduce((sum, other) => sum + made(other), 0);
}
