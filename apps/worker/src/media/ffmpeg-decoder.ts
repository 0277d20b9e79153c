import { addAbortSignal } from 'node:stream';
import type { Container } from '@sotto/contracts';
import type { Channels } from './channels.ts';
import type { DecodeLimits, Warn } from './decode-limits.ts';
import { DecodeWatch } from './decode-watch.ts';
import { decodeArguments, LEAVES_SILENCE_OUT } from './ffmpeg-arguments.ts';
import type { MediaTools } from './ffmpeg-binary.ts';
import { FfmpegProcess } from './ffmpeg-process.ts';
import { judgeFfmpeg } from './ffmpeg-report.ts';
import { SAMPLES_PER_MS } from './pcm.ts';
import { decodeWavStream } from './wav-decoder.ts';

export interface FfmpegDecoding {
  tools: MediaTools;
  limits: DecodeLimits;
  /** Each channel by itself, where there are not too many; else they are mixed. */
  isSplit: boolean;
  warn: Warn;
  /** Nobody waits for it: ffmpeg only gets the processor time that others leave. */
  inBackground: boolean;
  signal: AbortSignal;
}

export interface MediaFile {
  path: string;
  container: Container;
  /** Called when ffmpeg was not content. @throws what keeps the file from being read, where that is the reason */
  mustBeReadable(): Promise<void>;
}

/** Containers that state their length; ffmpeg estimates that of the others from the bit rate or the file's size. */
const STATES_ITS_LENGTH: ReadonlySet<Container> = new Set([
  'mp4',
  'matroska',
  'flac',
  'avi',
  'asf',
  'wav',
  'aiff',
  'au',
]);

/**
 * Floats at 16 kHz, as ffmpeg produces them. The process has ended when the generator ends, however that happens.
 * @throws SottoError no_audio_stream, undecodable_media, decode_timeout; what `signal` gives as its reason
 */
export async function* decodeWithFfmpeg(
  file: MediaFile,
  { tools, limits, isSplit, warn, inBackground, signal: cancelled }: FfmpegDecoding,
): AsyncGenerator<Channels<Float32Array>> {
  cancelled.throwIfAborted();
  const args = decodeArguments(file.path, file.container, { maxDurationMs: limits.maxDurationMs, isSplit });
  const process = new FfmpegProcess(tools, args, {
    mediaPath: file.path,
    maxCpuSeconds: limits.timeoutMs / 1000,
    inBackground,
  });
  const watch = new DecodeWatch(process.pid, limits.timeoutMs);
  const signal = AbortSignal.any([cancelled, watch.signal]);
  let samples = 0;
  try {
    for await (const floats of decodeWavStream(addAbortSignal(signal, process.stdout), { isSplit, warn, signal })) {
      samples += floats[0].length;
      watch.rest();
      yield floats;
      watch.resume();
    }
    const exitCode = await process.ended;
    process.mustHaveRun(exitCode);
    if (exitCode !== 0) await file.mustBeReadable();
    const decodedMs = Math.floor(samples / SAMPLES_PER_MS);
    const trustsDuration = STATES_ITS_LENGTH.has(file.container);
    const leavesSilenceOut = LEAVES_SILENCE_OUT.has(file.container);
    judgeFfmpeg({ exitCode, stderr: process.stderr, decodedMs, trustsDuration, leavesSilenceOut }).forEach(warn);
  } catch (error) {
    signal.throwIfAborted();
    throw error;
  } finally {
    watch.stop();
    await process.kill();
  }
}
