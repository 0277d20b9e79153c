import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type SampleSpan, Segmenter, type SegmenterOptions } from './segmenter.ts';

const STEP = 512;
const OPTIONS: SegmenterOptions = {
  stepSamples: STEP,
  threshold: 0.5,
  hysteresis: 0.15,
  minSpeechSamples: 1600,
  minSilenceSamples: 2560,
  leadSamples: 1152,
  maxSpeechSamples: 960_000,
  weak: { threshold: 0.9, minSilenceSamples: 1600 },
};

function segments(probabilities: number[], options: Partial<SegmenterOptions> = {}): SampleSpan[] {
  const segmenter = new Segmenter({ ...OPTIONS, ...options });
  return [...segmenter.accept(Float32Array.from(probabilities)), ...segmenter.finish()];
}

/** Steps with one probability, then steps with another, ... */
const steps = (...runs: [count: number, probability: number][]) =>
  runs.flatMap(([count, probability]) => Array.from({ length: count }, () => probability));

/** In steps, for reading. */
const inSteps = (spans: SampleSpan[]) => spans.map(({ from, to }) => [from / STEP, to / STEP]);

describe('Segmenter', () => {
  it('begins a segment before the first likely step, and ends it at the first unlikely one', () => {
    const [segment, ...more] = segments(steps([20, 0.1], [20, 0.9], [20, 0.1]));
    expect(more).toEqual([]);
    // Sure after 5 steps; 1152 + 1600 samples before the end of that step.
    expect(segment).toEqual({ from: 25 * STEP - 2752, to: 46 * STEP - 2560 });
  });

  it('takes a short sound for nothing, and a short pause for none', () => {
    expect(segments(steps([20, 0.1], [4, 0.9], [20, 0.1]))).toEqual([]);
    expect(segments(steps([20, 0.1], [5, 0.9], [20, 0.1]))).toHaveLength(1);
    expect(segments(steps([20, 0.9], [5, 0.1], [20, 0.9], [20, 0.1]))).toHaveLength(1);
    expect(segments(steps([20, 0.9], [6, 0.1], [20, 0.9], [20, 0.1]))).toHaveLength(2);
  });

  it('goes on where somebody still may be speaking, and begins only where somebody is', () => {
    expect(segments(steps([20, 0.4]))).toEqual([]);
    expect(inSteps(segments(steps([20, 0.9], [50, 0.4])))).toEqual([[0, 70]]);
    expect(inSteps(segments(steps([20, 0.9], [50, 0.34])))).toEqual([[0, 21]]);
  });

  it('ends with the recording', () => {
    expect(inSteps(segments(steps([20, 0.9])))).toEqual([[0, 20]]);
    expect(inSteps(segments(steps([20, 0.9], [3, 0.1])))).toEqual([[0, 23]]);
    expect(segments([])).toEqual([]);
  });

  it('ends long talk at the next weak spot', () => {
    const withDip = (count: number, probability: number) => steps([100, 0.95], [count, probability], [100, 0.95]);
    const isLong = { maxSpeechSamples: 50 * STEP };
    expect(segments(withDip(5, 0.7), isLong)).toHaveLength(2);
    expect(segments(withDip(4, 0.7), isLong)).toHaveLength(1);
    expect(segments(withDip(5, 0.8), isLong)).toHaveLength(1);
    expect(segments(withDip(5, 0.7))).toHaveLength(1);
  });

  const probabilities = fc.array(
    fc.tuple(fc.integer({ min: 1, max: 12 }), fc.constantFrom(0, 0.2, 0.36, 0.5, 0.51, 0.76, 0.95)),
    { maxLength: 60 },
  );

  it('gives the same however the probabilities come', () => {
    fc.assert(
      fc.property(probabilities, fc.integer({ min: 1, max: 9 }), fc.boolean(), (runs, piece, isShort) => {
        const options = isShort ? { maxSpeechSamples: 20 * STEP } : {};
        const all = steps(...runs);
        const segmenter = new Segmenter({ ...OPTIONS, ...options });
        const found: SampleSpan[] = [];
        for (let at = 0; at < all.length; at += piece) {
          found.push(...segmenter.accept(Float32Array.from(all.slice(at, at + piece))));
        }
        expect([...found, ...segmenter.finish()]).toEqual(segments(all, options));
      }),
    );
  });

  it('gives segments that are sorted, apart, inside, and hold every likely stretch that is long enough', () => {
    fc.assert(
      fc.property(probabilities, (runs) => {
        const all = steps(...runs);
        const found = segments(all);
        let last = 0;
        for (const { from, to } of found) {
          expect(from).toBeGreaterThanOrEqual(last);
          expect(to).toBeGreaterThan(from);
          last = to;
        }
        expect(last).toBeLessThanOrEqual(all.length * STEP);
        let likely = 0;
        all.forEach((probability, i) => {
          likely = probability > 0.5 ? likely + 1 : 0;
          if (likely < 6) return;
          const held = found.some(({ from, to }) => from <= (i - 5) * STEP && (i + 1) * STEP <= to);
          expect(held).toBe(true);
        });
      }),
    );
  });
});
