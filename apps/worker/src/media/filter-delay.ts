import type { MediaTools } from './ffmpeg-binary.ts';
import { filtered } from './ffmpeg-filter.ts';
import { SAMPLE_RATE } from './pcm.ts';
import { filtersOf } from './sound-filters.ts';

const CLICK_AT = SAMPLE_RATE / 2;
/** Of the click: starting an ffmpeg and filtering one second of silence. */
const TIMEOUT_MS = 20_000;
const EVERYTHING = { reducesNoise: true, evensLevel: true };
const IN_A_QUIET_ROOM = { offset: 0, loudDb: -25, noiseDb: -60, snrDb: 30, unsteadyDb: 1 };

const known = new WeakMap<MediaTools, number>();

/**
 * By how many samples the noise reduction of an ffmpeg lags behind: one window in some releases, nothing in others; no
 * other filter does. Told by a click, once per process. null: this ffmpeg cannot filter.
 */
export async function filterDelay(tools: MediaTools): Promise<number | null> {
  const delay = known.get(tools) ?? (await delayOfClick(tools));
  if (delay !== null) known.set(tools, delay);
  return delay;
}

async function delayOfClick(tools: MediaTools): Promise<number | null> {
  const limits = { timeoutMs: TIMEOUT_MS, maxDurationMs: TIMEOUT_MS };
  const setting = { tools, limits, inBackground: false, signal: AbortSignal.timeout(TIMEOUT_MS), delaySamples: 0 };
  const loudest = { at: CLICK_AT, level: 0 };
  let at = 0;
  try {
    for await (const floats of filtered(click(), filtersOf(EVERYTHING, IN_A_QUIET_ROOM), setting)) {
      for (const sample of floats) {
        if (Math.abs(sample) > loudest.level) Object.assign(loudest, { at, level: Math.abs(sample) });
        at += 1;
      }
    }
    return Math.max(0, loudest.at - CLICK_AT);
  } catch {
    return null;
  }
}

async function* click(): AsyncGenerator<Float32Array> {
  const samples = new Float32Array(2 * CLICK_AT);
  samples[CLICK_AT] = 0.5;
  yield samples;
}
