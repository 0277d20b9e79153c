import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { speechRegions, subtractMean, trunkBlocks } from './speech-regions.ts';

const speech = fc.array(fc.tuple(fc.boolean(), fc.integer({ min: 1, max: 400 })), { maxLength: 12 });

describe('the regions of speech', () => {
  it('hold every frame of speech, apart and in order, and blocks are the same features in parts', () => {
    fc.assert(
      fc.property(speech, fc.integer({ min: 8, max: 500 }), (runs, longest) => {
        const frames = runs.flatMap(([speaks, length]) => Array<boolean>(length).fill(speaks));
        const features = Math.ceil((frames.length * 270) / 160);
        const regions = speechRegions(frames, features);
        frames.forEach((speaks, frame) => {
          const feature = Math.floor((frame * 270) / 160);
          if (speaks) expect(regions.some(({ start, end }) => start <= feature && feature < end)).toBe(true);
        });
        regions.forEach(({ start, end }, index) => {
          expect(start % 8).toBe(0);
          expect(end).toBeLessThanOrEqual(features);
          expect(start).toBeGreaterThanOrEqual(regions[index - 1]?.end ?? 0);
        });
        const inBlocks = trunkBlocks(regions, longest).flatMap(({ start, end }) => {
          expect(start % 8).toBe(0);
          expect(end - start).toBeLessThanOrEqual(longest + 8);
          return Array.from({ length: end - start }, (_, i) => start + i);
        });
        expect(inBlocks).toEqual(
          regions.flatMap(({ start, end }) => Array.from({ length: end - start }, (_, i) => start + i)),
        );
      }),
    );
  });

  it('have a mean that is taken from every feature', () => {
    const features = Float32Array.from({ length: 80 * 6 }, (_, i) => Math.floor(i / 80) + (i % 80));
    subtractMean(features, [{ start: 2, end: 4 }]);
    expect(features[80 * 2 + 7]).toBeCloseTo(-0.5);
    expect(features[80 * 5 + 79]).toBeCloseTo(2.5);
  });

  it('are none in silence, and then nothing is subtracted', () => {
    expect(speechRegions(Array(500).fill(false), 800)).toEqual([]);
    const features = new Float32Array(80).fill(3);
    subtractMean(features, []);
    expect(features.every((value) => value === 3)).toBe(true);
  });
});
