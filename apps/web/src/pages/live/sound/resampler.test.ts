import { describe, expect, it } from '@jest/globals';
import { Resampler } from './resampler.ts';

const tone = (hz: number, rate: number, seconds: number): Float32Array =>
  Float32Array.from({ length: Math.round(rate * seconds) }, (_, at) => Math.sin((2 * Math.PI * hz * at) / rate));

function resampled(samples: Float32Array, fromHz: number, pieceSamples: number): Float32Array {
  const resampler = new Resampler(fromHz, 16_000);
  const pieces: number[] = [];
  for (let at = 0; at < samples.length; at += pieceSamples) {
    pieces.push(...resampler.push(samples.subarray(at, at + pieceSamples)));
  }
  return Float32Array.from(pieces);
}

/** Beginning and end have silence beside them. */
const middle = (samples: Float32Array): Float32Array => samples.subarray(400, -400);

const loudest = (samples: Float32Array): number =>
  samples.reduce((most, sample) => Math.max(most, Math.abs(sample)), 0);

describe.each([8_000, 44_100, 48_000, 96_000])('from %i Hz', (rate) => {
  it('speech stays as it is, sample for sample', () => {
    const expected = tone(1_000, 16_000, 0.5);
    const output = resampled(tone(1_000, rate, 0.5), rate, 128);
    expect(output.length).toBeGreaterThan(7_900);
    expect(loudest(middle(output.map((sample, at) => sample - (expected[at] ?? 0))))).toBeLessThan(0.001);
  });
});

it('what is too high for 16 kHz does not come back as something lower', () => {
  expect(loudest(middle(resampled(tone(9_500, 48_000, 0.5), 48_000, 128)))).toBeLessThan(0.001);
});

it('does not depend on how the samples are divided', () => {
  const samples = tone(440, 44_100, 0.3);
  expect(resampled(samples, 44_100, 128)).toEqual(resampled(samples, 44_100, samples.length));
});
