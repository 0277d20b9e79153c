import { FRAME_MS } from './energy-profile.ts';

/** How long a stretch is whose level is taken: a syllable. */
export const LEVEL_MS = 100;
const FRAMES = LEVEL_MS / FRAME_MS;

/**
 * Levels in dB of full scale, of a tenth of a second each.
 * @param frames mean squares of 10 ms frames (see EnergyProfile)
 */
export function levelsOf(frames: Float32Array): Float32Array {
  return Float32Array.from({ length: Math.ceil(frames.length / FRAMES) }, (_, at) => levelAt(frames, at));
}

/** @param delayMs as if the sound came so much later */
export function levelAt(frames: Float32Array, at: number, delayMs = 0): number {
  const delay = Math.round(delayMs / FRAME_MS);
  const end = Math.min(frames.length, (at + 1) * FRAMES) - delay;
  let sum = 0;
  for (let frame = Math.max(0, at * FRAMES - delay); frame < end; frame++) sum += frames[frame] as number;
  return 10 * Math.log10(sum / FRAMES + 1e-12);
}

/** The value that this share of all stays below; of none, nothing does. */
export function quantile(sorted: Float32Array | readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NEGATIVE_INFINITY;
}
