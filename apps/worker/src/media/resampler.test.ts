import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Resampler } from './resampler.ts';

const RATES = [8000, 11_025, 16_000, 22_050, 24_000, 32_000, 44_100, 48_000, 96_000, 192_000];

function sine(frequency: number, rate: number, count: number): Float32Array {
  return Float32Array.from({ length: count }, (_, n) => 0.5 * Math.sin((2 * Math.PI * frequency * n) / rate));
}

function convert(samples: Float32Array, from: number, to: number, cuts: number[] = []): Float32Array {
  const resampler = new Resampler(from, to);
  const borders = [0, ...cuts.map((cut) => cut % (samples.length + 1)).sort((a, b) => a - b), samples.length];
  const parts = borders.slice(1).map((end, i) => resampler.push(samples.subarray(borders[i], end)).slice());
  return Float32Array.from([...parts, resampler.flush()].flatMap((part) => [...part]));
}

function decibels(samples: Float32Array): number {
  return 10 * Math.log10(samples.reduce((sum, value) => sum + value * value, 0) / samples.length + 1e-20);
}

/** The steady part: the ends are smeared by the filter, as they are in every such converter. */
function middle(samples: Float32Array): Float32Array {
  return samples.subarray(samples.length >> 2, (samples.length * 3) >> 2);
}

describe('Resampler', () => {
  it.each(RATES)('keeps a tone from %i Hz within -75 dB, in place', (rate) => {
    for (const frequency of [120, 1000, 0.8 * Math.min(8000, rate / 2)]) {
      const output = convert(sine(frequency, rate, rate), rate, 16_000);
      const error = output.map((value, n) => value - 0.5 * Math.sin((2 * Math.PI * frequency * n) / 16_000));
      expect(decibels(middle(error)) - decibels(middle(output))).toBeLessThan(-75);
    }
  });

  it.each([24_000, 44_100, 48_000, 96_000])('lets nothing above 8.6 kHz fold back from %i Hz', (rate) => {
    const tone = sine(Math.min(9000, rate / 2 - 200), rate, rate);
    expect(decibels(middle(convert(tone, rate, 16_000))) - decibels(tone)).toBeLessThan(-75);
  });

  it('gives the same samples however the input is cut', () => {
    const noise = Float32Array.from({ length: 3000 }, (_, n) => Math.sin(n * n));
    fc.assert(
      fc.property(fc.constantFrom(...RATES), fc.array(fc.nat({ max: 3000 }), { maxLength: 6 }), (rate, cuts) => {
        expect(convert(noise, rate, 16_000, cuts)).toEqual(convert(noise, rate, 16_000));
      }),
      { numRuns: 40 },
    );
  });

  it('gives length * ratio samples, rounded up', () => {
    fc.assert(
      fc.property(fc.constantFrom(...RATES), fc.nat({ max: 5000 }), (rate, length) => {
        expect(convert(new Float32Array(length), rate, 16_000)).toHaveLength(Math.ceil((length * 16_000) / rate));
      }),
      { numRuns: 60 },
    );
  });

  it('leaves rates without a common measure to ffmpeg', () => {
    expect(Resampler.canConvert(44_101, 16_000)).toBe(false);
    expect(Resampler.canConvert(0, 16_000)).toBe(false);
    expect(() => new Resampler(44_101, 16_000)).toThrow(RangeError);
  });
});
