import type { Channels } from './channels.ts';
import type { WavHeader } from './wav-header.ts';

type ReadSample = (bytes: Buffer, at: number) => number;

function sampleReader(header: WavHeader): ReadSample {
  if (header.encoding === 'float') {
    return header.bitsPerSample === 32 ? (bytes, at) => bytes.readFloatLE(at) : (bytes, at) => bytes.readDoubleLE(at);
  }
  switch (header.bitsPerSample) {
    case 8:
      return (bytes, at) => ((bytes[at] ?? 128) - 128) / 128;
    case 24:
      return (bytes, at) => bytes.readIntLE(at, 3) / 8_388_608;
    default:
      return (bytes, at) => bytes.readInt32LE(at) / 2_147_483_648;
  }
}

/** All samples as floats, interleaved as they are. The two most common formats are read as the machine has them. */
function floatsOf(frames: Buffer, { encoding, bitsPerSample }: WavHeader, read: ReadSample): Float32Array {
  if (encoding === 'float' && bitsPerSample === 32) return new Float32Array(new Uint8Array(frames).buffer);
  const sampleBytes = bitsPerSample / 8;
  const samples = new Float32Array(frames.length / sampleBytes);
  if (encoding === 'pcm' && bitsPerSample === 16) {
    const values = new Int16Array(new Uint8Array(frames).buffer);
    for (let at = 0; at < samples.length; at++) samples[at] = (values[at] as number) / 32_768;
  } else {
    for (let at = 0; at < samples.length; at++) samples[at] = read(frames, at * sampleBytes);
  }
  return samples;
}

/** The mean of each frame's channels; a sample that is not a number counts as silence. */
function mixed(samples: Float32Array, channels: number): Float32Array {
  const mono = new Float32Array(samples.length / channels);
  let at = 0;
  for (let frame = 0; frame < mono.length; frame++) {
    let sum = 0;
    for (let channel = 0; channel < channels; channel++) {
      const value = samples[at++] as number;
      if (Number.isFinite(value)) sum += value;
    }
    mono[frame] = sum / channels;
  }
  return mono;
}

/** Each channel by itself; a sample that is not a number counts as silence here, too. */
function split(samples: Float32Array, channels: number): Channels<Float32Array> {
  const one = (channel: number) => {
    const own = new Float32Array(samples.length / channels);
    for (let frame = 0, at = channel; frame < own.length; frame++, at += channels) {
      const value = samples[at] as number;
      if (Number.isFinite(value)) own[frame] = value;
    }
    return own;
  };
  return [one(0), ...Array.from({ length: channels - 1 }, (_, index) => one(index + 1))];
}

/**
 * Samples at the file's own rate, as they arrive; an incomplete last frame is dropped.
 * @param bytes the samples' bytes: the file from `dataOffset` on.
 * @param isSplit each channel by itself; else they are mixed
 * @param onShort called when there were fewer bytes than the header said.
 */
export async function* readWavSamples(
  bytes: AsyncIterable<Buffer>,
  header: WavHeader,
  isSplit: boolean,
  onShort: () => void,
): AsyncGenerator<Channels<Float32Array>> {
  const read = sampleReader(header);
  const frameBytes = (header.bitsPerSample / 8) * header.channels;
  let left = header.dataBytes ?? Number.POSITIVE_INFINITY;
  let torn: Buffer = Buffer.alloc(0);
  for await (const chunk of bytes) {
    const wanted = chunk.length > left ? chunk.subarray(0, left) : chunk;
    left -= wanted.length;
    const joined = torn.length === 0 ? wanted : Buffer.concat([torn, wanted]);
    const whole = joined.length - (joined.length % frameBytes);
    torn = joined.subarray(whole);
    if (whole > 0) {
      const samples = floatsOf(joined.subarray(0, whole), header, read);
      yield isSplit ? split(samples, header.channels) : [mixed(samples, header.channels)];
    }
    if (left === 0) return;
  }
  if (Number.isFinite(left) && left > 0) onShort();
}
