import { once } from 'node:events';
import { addAbortSignal, Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { SottoError } from '@sotto/contracts';
import { Feed } from './feed.ts';
import type { FfmpegDecoding } from './ffmpeg-decoder.ts';
import { FfmpegProcess } from './ffmpeg-process.ts';
import { floatBytes, floatsOf } from './floats.ts';
import { SAMPLE_RATE } from './pcm.ts';
import type { SoundFilter } from './sound-filters.ts';

export interface Filtering extends Pick<FfmpegDecoding, 'tools' | 'limits' | 'inBackground' | 'signal'> {
  /** By so much what comes out lags behind. */
  delaySamples: number;
}

/** Silence that pushes out what filters hold back until more comes; what looks 4 s around itself needs as much to begin at all. */
const PADDING_SAMPLES = 5 * SAMPLE_RATE;
/** A filter has no file of its own. */
const NO_FILE = '/dev/null';

/**
 * Samples (mono, 16 kHz) after ffmpeg's filters, while they are decoded: as many as went in, each at its own time. They
 * are asked for as fast as ffmpeg takes them. The process has ended, and `samples` with it, when the generator ends.
 * @throws what `samples` throws; SottoError internal_error; what `signal` gives as its reason
 */
export async function* filtered(
  samples: AsyncIterable<Float32Array>,
  filters: readonly SoundFilter[],
  { tools, limits, inBackground, signal, delaySamples }: Filtering,
): AsyncGenerator<Float32Array> {
  const place = { mediaPath: NO_FILE, maxCpuSeconds: limits.timeoutMs / 1000, inBackground, takesInput: true };
  const process = new FfmpegProcess(tools, filterArguments(filters), place);
  const input = new Input(samples, delaySamples + PADDING_SAMPLES);
  const source = Readable.from(input.bytes());
  const fed = pipeline(source, process.stdin).catch(() => undefined);
  let skipped = 0;
  let given = 0;
  try {
    for await (const floats of floatsOf(addAbortSignal(signal, process.stdout))) {
      const skip = Math.min(delaySamples - skipped, floats.length);
      skipped += skip;
      const wanted = floats.subarray(skip, skip + input.samples - given);
      given += wanted.length;
      if (wanted.length > 0) yield wanted;
    }
    await fed;
    input.throwIfFailed();
    if ((await process.ended) !== 0 || given < input.samples) {
      throw new SottoError('internal_error', 'The filters failed.', { cause: process.stderr });
    }
  } catch (error) {
    signal.throwIfAborted();
    throw error;
  } finally {
    await process.kill();
    await fed;
    if (!source.closed) await once(source, 'close');
  }
}

/** What goes in, counted. */
class Input {
  samples = 0;
  readonly #feed: Feed<Float32Array>;
  readonly #paddingSamples: number;

  constructor(source: AsyncIterable<Float32Array>, paddingSamples: number) {
    this.#feed = new Feed(source);
    this.#paddingSamples = paddingSamples;
  }

  async *bytes(): AsyncGenerator<Buffer> {
    for await (const floats of this.#feed) {
      this.samples += floats.length;
      yield floatBytes(floats);
    }
    yield floatBytes(new Float32Array(this.#paddingSamples));
  }

  throwIfFailed(): void {
    this.#feed.throwIfFailed();
  }
}

/** Raw floats in and out: nothing of it came out of a file as it is. */
function filterArguments(filters: readonly SoundFilter[]): string[] {
  const raw = `-f f32le -ar ${SAMPLE_RATE} -ac 1`;
  const input = `-hide_banner -nostdin -nostats -loglevel error -threads 1 -protocol_whitelist pipe ${raw} -i pipe:0`;
  const output = `-c:a pcm_f32le ${raw} pipe:1`;
  return [...input.split(' '), '-filter_threads', '1', '-af', filters.join(','), ...output.split(' ')];
}
