import { type Enhancement, SottoError, type Upload } from '@sotto/contracts';
import type { BlobStore } from '@sotto/storage';
import { type Channels, mapChannels } from './channels.ts';
import type { DecodeLimits } from './decode-limits.ts';
import { enhanced } from './enhance.ts';
import { decodeWithFfmpeg, type FfmpegDecoding } from './ffmpeg-decoder.ts';
import { SAMPLES_PER_MS, toPcm16 } from './pcm.ts';
import { canDecodeWav, decodeWav, RAW_PCM, WAV_HEAD_BYTES } from './wav-decoder.ts';
import { parseWavHeader } from './wav-header.ts';

export interface Decoding extends FfmpegDecoding {
  blobs: BlobStore;
  /** Absent: the sound stays as it is. */
  enhance?: Enhancement | undefined;
}

/** Whisper cannot do anything with less. */
const MIN_DURATION_MS = 100;

/**
 * An upload as 16 kHz 16-bit samples, piece by piece as they are decoded; never the whole recording at once.
 * @throws SottoError audio_too_short, audio_too_long, no_audio_stream, undecodable_media, decode_timeout
 */
export async function* decode(upload: Upload, decoding: Decoding): AsyncGenerator<Channels<Int16Array>> {
  const { enhance, limits } = decoding;
  const maxDurationMs = upload.maxDurationMs ?? limits.maxDurationMs;
  const own = { ...decoding, limits: { timeoutMs: limits.timeoutMs, maxDurationMs } };
  const samples = withinLimits(openDecoder(upload, own), own.limits);
  const sound = enhance === undefined ? samples : apart(enhanced(firstOf(samples), enhance, own));
  for await (const channels of sound) yield mapChannels(channels, toPcm16);
}

/** Only what is mixed is improved: between channels, levels tell an echo. */
async function* firstOf(samples: AsyncGenerator<Channels<Float32Array>>): AsyncGenerator<Float32Array> {
  for await (const [mix] of samples) yield mix;
}

async function* apart(samples: AsyncGenerator<Float32Array>): AsyncGenerator<Channels<Float32Array>> {
  for await (const mix of samples) yield [mix];
}

/** @throws SottoError audio_too_short, audio_too_long */
async function* withinLimits(
  decoder: AsyncGenerator<Channels<Float32Array>>,
  limits: DecodeLimits,
): AsyncGenerator<Channels<Float32Array>> {
  const maxSamples = limits.maxDurationMs * SAMPLES_PER_MS;
  let samples = 0;
  for await (const channels of decoder) {
    samples += channels[0].length;
    if (samples > maxSamples) throw tooLong(limits);
    yield channels;
  }
  if (samples < MIN_DURATION_MS * SAMPLES_PER_MS) {
    throw new SottoError('audio_too_short', `The file has ${Math.floor(samples / SAMPLES_PER_MS)} ms of sound.`);
  }
}

async function* openDecoder(upload: Upload, decoding: Decoding): AsyncGenerator<Channels<Float32Array>> {
  const { blobs, tools, limits, isSplit, warn, inBackground, signal } = decoding;
  if (upload.container === 'pcm') {
    return yield* decodeWav(await blobs.openRead(upload.blobKey), RAW_PCM, { isSplit, warn, signal });
  }
  if (upload.container === 'wav') {
    const head = await blobs.read(upload.blobKey, { startByte: 0, endByte: Math.min(upload.bytes, WAV_HEAD_BYTES) });
    const header = parseWavHeader(head);
    if (header !== null && canDecodeWav(header)) {
      return yield* decodeWav(await blobs.openRead(upload.blobKey), header, { isSplit, warn, signal });
    }
  }
  const file = await blobs.localFile(upload.blobKey);
  try {
    const mustBeReadable = () => readWhole(blobs, upload.blobKey, signal);
    const source = { path: file.path, container: upload.container, mustBeReadable };
    yield* decodeWithFfmpeg(source, { tools, limits, isSplit, warn, inBackground, signal });
  } finally {
    await file.release();
  }
}

/** To ffmpeg, a disk that fails and a file that is broken look alike. */
async function readWhole(blobs: BlobStore, blobKey: string, signal: AbortSignal): Promise<void> {
  for await (const _ of await blobs.openRead(blobKey)) signal.throwIfAborted();
}

function tooLong(limits: DecodeLimits): SottoError {
  return new SottoError('audio_too_long', `At most ${limits.maxDurationMs / 1000} s are taken.`);
}
