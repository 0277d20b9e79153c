import type { Warn } from './decode-limits.ts';
import { SAMPLE_RATE } from './pcm.ts';
import { Resampler } from './resampler.ts';
import { TRUNCATED_MEDIA } from './warnings.ts';
import type { WavHeader } from './wav-header.ts';
import { readWavSamples } from './wav-samples.ts';

/** Samples without a file format, as Bazarr sends them; they are already in the service's own format. */
export const RAW_PCM: WavHeader = {
  encoding: 'pcm',
  channels: 1,
  sampleRate: SAMPLE_RATE,
  bitsPerSample: 16,
  dataOffset: 0,
  dataBytes: null,
};

/** A WAV file needs no ffmpeg if its sample rate can be converted here; starting a process costs 150-200 ms. */
export function canDecodeWav(header: WavHeader): boolean {
  return Resampler.canConvert(header.sampleRate, SAMPLE_RATE);
}

/** Mono floats at 16 kHz. `bytes` is the whole file. */
export async function* decodeWav(
  bytes: AsyncIterable<Buffer>,
  header: WavHeader,
  warn: Warn,
  signal: AbortSignal,
): AsyncGenerator<Float32Array> {
  const resampler = header.sampleRate === SAMPLE_RATE ? null : new Resampler(header.sampleRate, SAMPLE_RATE);
  const samples = readWavSamples(skip(bytes, header.dataOffset), header, () => warn(TRUNCATED_MEDIA));
  for await (const chunk of samples) {
    signal.throwIfAborted();
    yield resampler === null ? chunk : resampler.push(chunk);
  }
  if (resampler !== null) yield resampler.flush();
}

async function* skip(bytes: AsyncIterable<Buffer>, count: number): AsyncGenerator<Buffer> {
  let left = count;
  for await (const chunk of bytes) {
    const rest = chunk.subarray(Math.min(left, chunk.length));
    left -= chunk.length - rest.length;
    if (rest.length > 0) yield rest;
  }
}
