import { FEATURE_SAMPLES } from '../geometry.ts';

/** A step of a level. */
const DECIBELS = 0.5;
/** What hum and wind have, and speech needs least. */
const EMPHASIS = 0.97;

/** How loud it is every 10 ms, low frequencies counting for little, in steps of 0.5 dB. */
export function levelsOf(pcm: Int16Array): Uint8Array {
  return Uint8Array.from({ length: Math.ceil(pcm.length / FEATURE_SAMPLES) }, (_, index) => {
    const [first, end] = [index * FEATURE_SAMPLES, Math.min(pcm.length, (index + 1) * FEATURE_SAMPLES)];
    let power = 0;
    for (let i = first; i < end; i++) {
      const value = (pcm[i] ?? 0) - EMPHASIS * (pcm[i - 1] ?? 0);
      power += value * value;
    }
    return Math.round((10 * Math.log10(power / (end - first) + 1)) / DECIBELS);
  });
}
