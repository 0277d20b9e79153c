import { SottoError } from '@sotto/contracts';
import { type Channels, canSplit, mapChannels } from './channels.ts';
import type { Warn } from './decode-limits.ts';
import { SAMPLE_RATE } from './pcm.ts';
import { Resampler } from './resampler.ts';
import { TRUNCATED_MEDIA } from './warnings.ts';
import { parseWavHeader, type WavHeader } from './wav-header.ts';
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

/** Enough for any chunks that stand before the samples. */
export const WAV_HEAD_BYTES = 65_536;

export interface WavDecoding {
  /** Each channel by itself, where there are not too many; else they are mixed. */
  isSplit: boolean;
  warn: Warn;
  signal: AbortSignal;
}

/** A WAV file needs no ffmpeg if its sample rate can be converted here; starting a process costs 150-200 ms. */
export function canDecodeWav(header: WavHeader): boolean {
  return Resampler.canConvert(header.sampleRate, SAMPLE_RATE);
}

/** Floats at 16 kHz. `bytes` is the whole file. */
export async function* decodeWav(
  bytes: AsyncIterable<Buffer>,
  header: WavHeader,
  { isSplit, warn, signal }: WavDecoding,
): AsyncGenerator<Channels<Float32Array>> {
  const divides = isSplit && canSplit(header.channels, warn);
  const resamplers = Array.from({ length: divides ? header.channels : 1 }, () =>
    header.sampleRate === SAMPLE_RATE ? null : new Resampler(header.sampleRate, SAMPLE_RATE),
  );
  const onShort = () => warn(TRUNCATED_MEDIA);
  for await (const chunk of readWavSamples(skip(bytes, header.dataOffset), header, divides, onShort)) {
    signal.throwIfAborted();
    yield mapChannels(chunk, (samples, channel) => resamplers[channel]?.push(samples) ?? samples);
  }
  const [first, ...others] = resamplers.flatMap((resampler) => resampler?.flush() ?? []);
  if (first !== undefined) yield [first, ...others];
}

/**
 * The same, where the header is only known when it arrives; nothing, when none does.
 * @throws SottoError `undecodable_media`: what arrives is no such file, or has too many channels
 */
export async function* decodeWavStream(
  bytes: AsyncIterable<Buffer>,
  decoding: WavDecoding,
): AsyncGenerator<Channels<Float32Array>> {
  const chunks = bytes[Symbol.asyncIterator]();
  let head: Buffer = Buffer.alloc(0);
  let header: WavHeader | null = null;
  while (header === null) {
    const { value, done } = await chunks.next();
    if (done === true) return;
    if (head.length > WAV_HEAD_BYTES) throw new SottoError('undecodable_media', 'Its channels cannot be told apart.');
    head = Buffer.concat([head, value]);
    header = parseWavHeader(head);
  }
  const whole = async function* () {
    yield head;
    yield* { [Symbol.asyncIterator]: () => chunks };
  };
  yield* decodeWav(whole(), header, decoding);
}

async function* skip(bytes: AsyncIterable<Buffer>, count: number): AsyncGenerator<Buffer> {
  let left = count;
  for await (const chunk of bytes) {
    const rest = chunk.subarray(Math.min(left, chunk.length));
    left -= chunk.length - rest.length;
    if (rest.length > 0) yield rest;
  }
}
