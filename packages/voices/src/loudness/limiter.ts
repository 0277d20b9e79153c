import { peaksBetween } from './true-peak.ts';

/** Between the full gain and that of a peak: short enough to be over with it, long enough not to be heard. */
const SLOPE_MS = 5;

/**
 * Turns the sound down around whatever is higher than `ceiling`, and leaves everything else as it is. In place; nothing is delayed, since
 * what follows is known.
 */
export function limit(samples: Float64Array, ceiling: number, sampleRateHz: number): void {
  const peaks = peaksBetween(samples, ceiling);
  if (!peaks.some((peak) => peak > ceiling)) return;
  const reach = Math.round((sampleRateHz * SLOPE_MS) / 1000);
  const needed = peaks.map((peak) => (peak > ceiling ? ceiling / peak : 1));
  const gains = smoothed(lowestWithin(needed, reach), reach);
  for (const [i, gain] of gains.entries()) samples[i] = (samples[i] ?? 0) * gain;
}

/** The least of all values at most `reach` away. */
function lowestWithin(values: Float64Array, reach: number): Float64Array {
  const lowest = new Float64Array(values.length).fill(1);
  for (const [i, value] of values.entries()) {
    if (value === 1) continue;
    const end = Math.min(values.length - 1, i + reach);
    for (let at = Math.max(0, i - reach); at <= end; at += 1) lowest[at] = Math.min(lowest[at] ?? 1, value);
  }
  return lowest;
}

/**
 * A mean with weights, over no more than what `lowestWithin` has looked at: nowhere is it above the value it began with. Beyond the ends it
 * goes on as it is there.
 */
function smoothed(values: Float64Array, reach: number): Float64Array {
  const weights = Array.from({ length: 2 * reach + 1 }, (_, i) => 1 + Math.cos((Math.PI * (i - reach)) / (reach + 1)));
  const sum = weights.reduce((total, weight) => total + weight, 0);
  const last = values.length - 1;
  return values.map((value, i) => {
    if (isFlat(values, i, reach)) return value;
    let mean = 0;
    for (const [k, weight] of weights.entries()) {
      mean += weight * (values[Math.min(last, Math.max(0, i + k - reach))] ?? 1);
    }
    return mean / sum;
  });
}

/** Most of a sound is: no peak is near. */
function isFlat(values: Float64Array, i: number, reach: number): boolean {
  const end = Math.min(values.length - 1, i + reach);
  for (let at = Math.max(0, i - reach); at <= end; at += 1) if (values[at] !== 1) return false;
  return true;
}
