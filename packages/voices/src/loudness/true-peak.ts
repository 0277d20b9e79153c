const PHASES = 4;
/** Samples on either side that count for the height between two. */
const REACH = 8;

/** Windowed sinc: the heights at 1/4, 1/2 and 3/4 of the way from one sample to the next. */
const BETWEEN: readonly Float64Array[] = Array.from({ length: PHASES - 1 }, (_, phase) => {
  const at = (phase + 1) / PHASES;
  return Float64Array.from({ length: 2 * REACH }, (__, tap) => {
    const x = tap - (REACH - 1) - at;
    const window = 0.5 + 0.5 * Math.cos((Math.PI * x) / (REACH + 0.5));
    return (Math.sin(Math.PI * x) / (Math.PI * x)) * window;
  });
});

/** What lies between two samples is less than twice as high as they are. */
const MOST_BETWEEN = 2;

/**
 * How high the sound is at each sample and until the next one: what becomes of it in a loudspeaker goes through the samples, and may be
 * higher between them (four times oversampled, as ITU-R BS.1770-5, annex 2 has it).
 * Where it cannot reach `from`, only the samples themselves are looked at, which is most of speech.
 */
export function peaksBetween(samples: Float64Array, from = 0): Float64Array {
  const peaks = new Float64Array(samples.length);
  for (let i = 0; i < samples.length; i += 1) {
    let peak = Math.abs(samples[i] ?? 0);
    peaks[i] = peak;
    if (Math.max(peak, Math.abs(samples[i + 1] ?? 0)) * MOST_BETWEEN < from) continue;
    for (const taps of BETWEEN) {
      let height = 0;
      for (let tap = 0; tap < taps.length; tap += 1) height += (taps[tap] ?? 0) * (samples[i + tap - REACH + 1] ?? 0);
      peak = Math.max(peak, Math.abs(height));
    }
    peaks[i] = peak;
  }
  return peaks;
}
