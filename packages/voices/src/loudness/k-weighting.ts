/** A filter of second order; `b` and `a` as in its difference equation, a[0] = 1. */
interface Biquad {
  b: readonly [number, number, number];
  a: readonly [number, number];
}

/**
 * The two filters of ITU-R BS.1770-5, annex 1: what a head does to sound, and what ears leave out below. The standard has their
 * coefficients for 48 kHz; these are the same filters at any rate (as in libebur128).
 */
function kFilters(sampleRateHz: number): readonly [Biquad, Biquad] {
  const [shelfHz, shelfDb, shelfQ] = [1681.974450955533, 3.999843853973347, 0.7071752369554196];
  const k = Math.tan((Math.PI * shelfHz) / sampleRateHz);
  const high = 10 ** (shelfDb / 20);
  const band = high ** 0.4996667741545416;
  const norm = 1 + k / shelfQ + k * k;
  const shelf: Biquad = {
    b: [
      (high + (band * k) / shelfQ + k * k) / norm,
      (2 * (k * k - high)) / norm,
      (high - (band * k) / shelfQ + k * k) / norm,
    ],
    a: [(2 * (k * k - 1)) / norm, (1 - k / shelfQ + k * k) / norm],
  };
  const [lowHz, lowQ] = [38.13547087602444, 0.5003270373238773];
  const l = Math.tan((Math.PI * lowHz) / sampleRateHz);
  const lowNorm = 1 + l / lowQ + l * l;
  return [shelf, { b: [1, -2, 1], a: [(2 * (l * l - 1)) / lowNorm, (1 - l / lowQ + l * l) / lowNorm] }];
}

/** Samples, full scale 1, as loud as they are heard. */
export function kWeighted(samples: Int16Array, sampleRateHz: number): Float64Array {
  const weighted = Float64Array.from(samples, (sample) => sample / 32_768);
  for (const filter of kFilters(sampleRateHz)) run(filter, weighted);
  return weighted;
}

/** In place, transposed direct form II. */
function run({ b: [b0, b1, b2], a: [a1, a2] }: Biquad, samples: Float64Array): void {
  let [first, second] = [0, 0];
  for (const [i, sample] of samples.entries()) {
    const out = b0 * sample + first;
    first = b1 * sample - a1 * out + second;
    second = b2 * sample - a2 * out;
    samples[i] = out;
  }
}
