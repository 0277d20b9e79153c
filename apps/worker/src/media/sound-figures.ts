import { SAMPLES_PER_MS } from './pcm.ts';

/** What the beginning of a recording says of how well it can be heard. Levels are those of frames of 10 ms, 0 dB being full scale. */
export interface SoundFigures {
  /** What nineteen of twenty frames stay below: somebody speaks then, if anybody does. */
  loudDb: number;
  /** What nine of ten frames are above: nobody speaks then. */
  noiseDb: number;
  /** How much what lies under speech changes: about 1 for a hiss or a fan, 3 for traffic, 4 for other voices, 10 for a quiet room. */
  unsteadyDb: number;
  /** How much louder speech is on average than what lies under it. */
  snrDb: number;
  /** The mean of all samples; full scale is 1. */
  offset: number;
}

const FRAME_SAMPLES = 10 * SAMPLES_PER_MS;
const LOUD_SHARE = 0.95;
const NOISE_SHARE = 0.1;
const STEADY_SHARES = [0.05, 0.2] as const;
/** Frames below this have no sound at all: they were cut out, or put in by whoever made the file. */
const NOTHING_DB = -90;
/** The loudest twentieth of the frames of speech lies so much above their mean. */
const LOUD_ABOVE_MEAN_DB = 5;

/** null: there is no sound. */
export function measureSound(samples: Float32Array): SoundFigures | null {
  const levels: number[] = [];
  let sum = 0;
  for (let from = 0; from + FRAME_SAMPLES <= samples.length; from += FRAME_SAMPLES) {
    const frame = samples.subarray(from, from + FRAME_SAMPLES);
    const mean = frame.reduce((total, value) => total + value, 0) / FRAME_SAMPLES;
    // Of what moves only: an offset is not loud.
    const power = frame.reduce((total, value) => total + (value - mean) ** 2, 0) / FRAME_SAMPLES;
    sum += mean;
    levels.push(decibels(power));
  }
  const heard = levels.filter((level) => level > NOTHING_DB).sort((a, b) => a - b);
  if (heard.length === 0) return null;
  const at = (share: number) => heard[Math.floor(share * (heard.length - 1))] ?? NOTHING_DB;
  const [loudDb, noiseDb] = [at(LOUD_SHARE), at(NOISE_SHARE)];
  const [low, high] = STEADY_SHARES;
  const above = decibels(powerOf(loudDb) - powerOf(noiseDb)) - noiseDb;
  return {
    loudDb,
    noiseDb,
    unsteadyDb: at(high) - at(low),
    snrDb: above - LOUD_ABOVE_MEAN_DB,
    offset: sum / levels.length,
  };
}

const powerOf = (db: number): number => 10 ** (db / 10);
const decibels = (power: number): number => 10 * Math.log10(Math.max(power, 1e-15));
