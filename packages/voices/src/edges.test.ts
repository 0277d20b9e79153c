import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { withoutSilentEdges } from './edges.ts';

const RATE_HZ = 1000;

describe('withoutSilentEdges', () => {
  it('keeps 40 ms before and after what is loud', () => {
    const samples = new Int16Array(1000);
    samples[300] = 5000;
    samples[600] = -5000;
    expect(withoutSilentEdges(samples, RATE_HZ)).toEqual(samples.subarray(260, 641));
  });

  it('makes nothing of silence, and loses nothing loud', () => {
    expect(withoutSilentEdges(new Int16Array(500).fill(20), RATE_HZ).length).toBe(0);
    const sample = fc.integer({ min: -32_768, max: 32_767 });
    fc.assert(
      fc.property(fc.array(sample), (values) => {
        const loud = (all: Iterable<number>) => [...all].filter((each) => Math.abs(each) > 328);
        expect(loud(withoutSilentEdges(Int16Array.from(values), RATE_HZ))).toEqual(loud(values));
      }),
    );
  });
});
