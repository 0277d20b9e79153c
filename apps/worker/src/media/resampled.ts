import { Resampler } from './resampler.ts';

/** The same sound at another rate. */
export function resampled(samples: Int16Array, fromHz: number, toHz: number): Int16Array {
  if (fromHz === toHz) return samples;
  const resampler = new Resampler(fromHz, toHz);
  const parts = [resampler.push(Float32Array.from(samples, (sample) => sample / 32_768)), resampler.flush()];
  const all = new Int16Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    for (const sample of part) all[at++] = Math.round(Math.max(-1, Math.min(1, sample)) * 32_767);
  }
  return all;
}
