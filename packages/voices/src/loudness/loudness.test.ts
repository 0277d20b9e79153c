import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { evened, MOST_PEAK_DB, TARGET_LUFS } from './even.ts';
import { integratedLoudness } from './integrated-loudness.ts';
import { peaksBetween } from './true-peak.ts';
import { usualLoudness } from './voice-loudness.ts';

const sine = (hz: number, db: number, seconds: number, rateHz: number): Int16Array =>
  Int16Array.from({ length: Math.round(seconds * rateHz) }, (_, i) =>
    Math.round(32_767 * 10 ** (db / 20) * Math.sin((2 * Math.PI * hz * i) / rateHz)),
  );
const speechLike = fc
  .record({ values: fc.array(fc.double({ min: -1, max: 1, noNaN: true }), { minLength: 1, maxLength: 3000 }) })
  .map(({ values }) => Int16Array.from(values, (value) => Math.round(value * 32_767)));
const dbOf = (samples: Int16Array): number =>
  20 * Math.log10(Math.max(...peaksBetween(Float64Array.from(samples, (sample) => sample / 32_768)), 1e-9));

describe('integratedLoudness', () => {
  // ITU-R BS.1770-5: 0 dBFS at 997 Hz in one channel reads -3.01 LKFS.
  it.each([48_000, 44_100, 24_000, 22_050, 16_000])('reads a tone as the standard says, at %d Hz', (rateHz) => {
    expect(integratedLoudness(sine(997, 0, 5, rateHz), rateHz)).toBeCloseTo(-3.01, 1);
    expect(integratedLoudness(sine(997, -20, 5, rateHz), rateHz)).toBeCloseTo(-23.01, 1);
  });

  it('leaves out what is below hearing, and pauses', () => {
    const rateHz = 24_000;
    expect(integratedLoudness(sine(20, 0, 2, rateHz), rateHz)).toBeLessThan(-13);
    const tone = sine(997, -20, 5, rateHz);
    const paused = new Int16Array(tone.length * 3);
    paused.set(tone);
    expect(integratedLoudness(paused, rateHz)).toBeCloseTo(-23.0, 0);
    expect(integratedLoudness(new Int16Array(rateHz), rateHz)).toBeNull();
    expect(integratedLoudness(tone.subarray(0, 9_000), rateHz)).toBeNull();
  });
});

describe('peaksBetween', () => {
  it('finds what is higher between two samples', () => {
    // A quarter of the rate, 45 degrees away: every sample is 3 dB below the peak.
    const between = Float64Array.from({ length: 400 }, (_, i) => Math.sin((Math.PI / 2) * i + Math.PI / 4));
    const peaks = peaksBetween(between);
    expect(Math.max(...peaks.subarray(50, 350))).toBeCloseTo(1, 1);
  });
});

describe('evened', () => {
  it('begins and ends with silence, whatever it is given', () => {
    fc.assert(
      fc.property(speechLike, fc.integer({ min: -15, max: 15 }), (samples, gainDb) => {
        const even = evened(samples, gainDb, 24_000);
        expect(even.length).toBe(samples.length);
        expect([even[0], even.at(-1)]).toEqual([0, 0]);
      }),
    );
  });

  it('has no peak that is too high, not even between samples', () => {
    fc.assert(
      fc.property(speechLike, fc.integer({ min: 0, max: 15 }), (samples, gainDb) => {
        expect(dbOf(evened(samples, gainDb, 24_000))).toBeLessThanOrEqual(MOST_PEAK_DB + 0.01);
      }),
    );
  });

  it('says the same of the same, and changes only the volume of what has room', () => {
    const samples = sine(300, -24, 1, 24_000);
    const even = evened(samples, 6, 24_000);
    expect(even).toEqual(evened(samples, 6, 24_000));
    const middle = samples.subarray(2_000, 22_000);
    const ratio = 10 ** (6 / 20);
    for (const [i, sample] of middle.entries()) {
      expect(Math.abs((even[2_000 + i] ?? 0) - sample * ratio)).toBeLessThanOrEqual(0.5);
    }
  });

  it('makes of a tone what the target is', () => {
    const tone = sine(997, -30, 3, 22_050);
    const gainDb = TARGET_LUFS - (integratedLoudness(tone, 22_050) ?? 0);
    expect(integratedLoudness(evened(tone, gainDb, 22_050), 22_050)).toBeCloseTo(TARGET_LUFS, 1);
  });
});

it('the loudness of a blend is between those of its voices', () => {
  const [heart, puck] = [usualLoudness('kokoro', 'af_heart') ?? 0, usualLoudness('kokoro', 'am_puck') ?? 0];
  expect(usualLoudness('kokoro', 'af_heart(1)+am_puck(3)')).toBeCloseTo((heart + 3 * puck) / 4, 5);
  expect(usualLoudness('kokoro', 'nobody')).toBeNull();
});
