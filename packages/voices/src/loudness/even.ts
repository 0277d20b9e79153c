import { limit } from './limiter.ts';

/** How loud all voices speak, in LUFS: as podcasts in mono are, 3 LU below those in stereo, rounded to where speech still has room for its peaks. */
export const TARGET_LUFS = -18;
/** Nothing of what is spoken is higher, not even between two samples, in dB of full scale. */
export const MOST_PEAK_DB = -1;
/** What ffmpeg's finer look at peaks, and rounding, may add. */
const PEAK_MARGIN_DB = 0.2;
/** Over so much the sound begins and ends. What an engine leaves around speech is longer. */
const EDGE_MS = 4;
const FULL_SCALE = 32_768;

/**
 * Speech, louder or quieter by so many dB, without a peak that is too high and with edges at zero, so that nothing clicks where pieces are
 * laid end to end. The same samples make the same samples.
 */
export function evened(samples: Int16Array, gainDb: number, sampleRateHz: number): Int16Array {
  const gain = 10 ** (gainDb / 20);
  const louder = Float64Array.from(samples, (sample) => (sample / FULL_SCALE) * gain);
  fadeEdges(louder, sampleRateHz);
  limit(louder, 10 ** ((MOST_PEAK_DB - PEAK_MARGIN_DB) / 20), sampleRateHz);
  return Int16Array.from(louder, (sample) => Math.round(sample * FULL_SCALE));
}

function fadeEdges(samples: Float64Array, sampleRateHz: number): void {
  const length = Math.min(Math.round((sampleRateHz * EDGE_MS) / 1000), samples.length >> 1);
  const last = samples.length - 1;
  for (let i = 0; i < length; i += 1) {
    const gain = 0.5 - 0.5 * Math.cos((Math.PI * i) / length);
    samples[i] = (samples[i] ?? 0) * gain;
    samples[last - i] = (samples[last - i] ?? 0) * gain;
  }
  if (samples.length === 1) samples[0] = 0;
}
