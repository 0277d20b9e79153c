import { database } from '../../../storage/database.ts';
import { nextTask } from '../next-task.ts';

export const PEAK_COUNT = 2000;

/** The browser decodes the whole recording at once: longer ones would take too much of its memory. */
const MOST_MINUTES = 120;
const MOST_BYTES = 200e6;
/** The lowest that browsers decode to: this is for looking at, not for hearing. */
const SAMPLE_RATE = 8_000;
/** What is looked at between two breaths, so that the page stays quick. */
const SAMPLES_AT_ONCE = 400_000;

interface Recording {
  itemId: string;
  url: string;
  bytes: number;
  durationMs: number;
}

/** The loudest sample of each stretch, 0 to 1. null: the recording is too long to look at here, or cannot be decoded. */
export async function peaksOf(
  { itemId, url, bytes, durationMs }: Recording,
  signal: AbortSignal,
): Promise<Float32Array | null> {
  const stored = await (await database()).get('peaks', itemId);
  if (stored !== undefined) return stored.peaks;
  if (durationMs > MOST_MINUTES * 60_000 || bytes > MOST_BYTES) return null;
  const response = await fetch(url, { signal });
  if (!response.ok) return null;
  const context = new OfflineAudioContext(1, 1, SAMPLE_RATE);
  const decoded = await context.decodeAudioData(await response.arrayBuffer()).catch(() => null);
  if (decoded === null || signal.aborted) return null;
  const peaks = await loudest(decoded.getChannelData(0), signal);
  await (await database()).put('peaks', { itemId, peaks });
  return peaks;
}

async function loudest(samples: Float32Array, signal: AbortSignal): Promise<Float32Array> {
  const peaks = new Float32Array(PEAK_COUNT);
  const stretch = samples.length / PEAK_COUNT;
  let sinceBreath = 0;
  for (let at = 0; at < PEAK_COUNT && !signal.aborted; at += 1) {
    const [from, to] = [Math.floor(at * stretch), Math.floor((at + 1) * stretch)];
    let most = 0;
    for (let index = from; index < to; index += 1) most = Math.max(most, Math.abs(samples[index] ?? 0));
    peaks[at] = most;
    sinceBreath += to - from;
    if (sinceBreath > SAMPLES_AT_ONCE) {
      sinceBreath = 0;
      await nextTask();
    }
  }
  return normalized(peaks);
}

/** The loudest of all is 1. */
function normalized(peaks: Float32Array): Float32Array {
  const most = peaks.reduce((found, peak) => Math.max(found, peak), 0.01);
  return peaks.map((peak) => peak / most);
}
