import { once } from 'node:events';
import { addAbortSignal, Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { SottoError } from '@sotto/contracts';
import type { DecodeLimits } from './decode-limits.ts';
import { DecodeWatch } from './decode-watch.ts';
import { Feed } from './feed.ts';
import type { MediaTools } from './ffmpeg-binary.ts';
import { FfmpegProcess } from './ffmpeg-process.ts';
import { type Muxing, muxArguments, type VideoTarget } from './mux-arguments.ts';

export interface MuxDeps {
  tools: MediaTools;
  limits: Pick<DecodeLimits, 'timeoutMs'>;
  /** More than that is not made of it: a file may say that its parts are there many times. */
  maxBytes: number;
  /** Nobody waits for it. */
  inBackground: boolean;
  signal: AbortSignal;
}

/** So much is held back: some containers begin before they are refused. */
const HELD_BYTES = 64 * 1024;

const NO_PICTURE = /matches no streams/i;

/**
 * A recording with another sound before its own, in that container, as ffmpeg makes it. The process has ended when the generator
 * ends, however that happens. `made` is false where the container was refused before anything of it was there.
 *
 * @throws SottoError `invalid_parameter` where there is no picture, `undecodable_media`, `decode_timeout`; what `sound` throws;
 *   what `signal` gives as its reason
 */
export async function* muxed(
  muxing: Muxing,
  target: VideoTarget,
  sound: () => AsyncIterable<Uint8Array>,
  { tools, limits, maxBytes, inBackground, signal: cancelled }: MuxDeps,
): AsyncGenerator<Uint8Array, { made: boolean }> {
  cancelled.throwIfAborted();
  const process = new FfmpegProcess(tools, muxArguments(muxing, target), {
    mediaPath: muxing.path,
    maxCpuSeconds: limits.timeoutMs / 1000,
    inBackground,
    takesInput: true,
  });
  const watch = new DecodeWatch(process.pid, limits.timeoutMs);
  const signal = AbortSignal.any([cancelled, watch.signal]);
  const input = new Feed(sound());
  const source = Readable.from(input);
  const fed = pipeline(source, process.stdin).catch(() => undefined);
  let bytes = 0;
  let held: Buffer[] | null = [];
  try {
    for await (const chunk of addAbortSignal(signal, process.stdout) as AsyncIterable<Buffer>) {
      bytes += chunk.length;
      if (bytes > maxBytes) throw new SottoError('undecodable_media', 'Its video would be far larger than it is.');
      held?.push(chunk);
      if (held !== null && bytes < HELD_BYTES) continue;
      watch.rest();
      yield* held ?? [chunk];
      held = null;
      watch.resume();
    }
    input.throwIfFailed();
    const made = madeOf(process, await process.ended, held === null);
    if (made) yield* held ?? [];
    return { made };
  } catch (error) {
    signal.throwIfAborted();
    throw error;
  } finally {
    watch.stop();
    await process.kill();
    await fed;
    if (!source.closed) await once(source, 'close');
  }
}

function madeOf(process: FfmpegProcess, exitCode: number | null, isBegun: boolean): boolean {
  if (exitCode === 0) return true;
  process.mustHaveRun(exitCode);
  if (NO_PICTURE.test(process.stderr)) throw new SottoError('invalid_parameter', 'The recording has no picture.');
  if (isBegun) throw new SottoError('undecodable_media', 'The picture cannot be read to its end.');
  return false;
}
