import { kWeighted } from './k-weighting.ts';

const BLOCK_MS = 400;
const STEP_MS = 100;
/** Quieter blocks are silence. */
const ABSOLUTE_GATE_LUFS = -70;
/** Blocks quieter than the rest by more are pauses. */
const RELATIVE_GATE_LU = -10;

const lufsOf = (power: number): number => -0.691 + 10 * Math.log10(power);
const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

/**
 * How loud mono speech is as a whole: the integrated loudness of ITU-R BS.1770-5 (EBU R128), in LUFS.
 * null: it is silent, or shorter than 400 ms, the least that can be measured.
 */
export function integratedLoudness(samples: Int16Array, sampleRateHz: number): number | null {
  const loud = blockPowers(kWeighted(samples, sampleRateHz), sampleRateHz).filter(
    (power) => lufsOf(power) > ABSOLUTE_GATE_LUFS,
  );
  if (loud.length === 0) return null;
  const gate = lufsOf(mean(loud)) + RELATIVE_GATE_LU;
  return lufsOf(mean(loud.filter((power) => lufsOf(power) > gate)));
}

/** Of blocks of 400 ms, each 100 ms after the one before. */
function blockPowers(weighted: Float64Array, sampleRateHz: number): number[] {
  const length = Math.round((sampleRateHz * BLOCK_MS) / 1000);
  const step = Math.round((sampleRateHz * STEP_MS) / 1000);
  const powers: number[] = [];
  for (let start = 0; start + length <= weighted.length; start += step) {
    let sum = 0;
    for (const sample of weighted.subarray(start, start + length)) sum += sample * sample;
    powers.push(sum / length);
  }
  return powers;
}
