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

/** The most common format by far, so it has a loop of its own, which takes a third of the time. */
function downmixPcm16(frames: Buffer, channels: number): Float32Array {
  const samples = new Int16Array(new Uint8Array(frames).buffer);
  const mono = new Float32Array(samples.length / channels);
  let at = 0;
  for (let frame = 0; frame < mono.length; frame++) {
    let sum = 0;
    for (let channel = 0; channel < channels; channel++) sum += samples[at++] as number;
    mono[frame] = sum / (32_768 * channels);
  }
  return mono;
}

/** The mean of each frame's channels; a sample that is not a number counts as silence. */
function downmix(frames: Buffer, header: WavHeader, read: ReadSample): Float32Array {
  const sampleBytes = header.bitsPerSample / 8;
  const frameBytes = sampleBytes * header.channels;
  const mono = new Float32Array(frames.length / frameBytes);
  for (let frame = 0; frame < mono.length; frame++) {
    let sum = 0;
    for (let channel = 0; channel < header.channels; channel++) {
      const value = read(frames, frame * frameBytes + channel * sampleBytes);
      if (Number.isFinite(value)) sum += value;
    }
    mono[frame] = sum / header.channels;
  }
  return mono;
}

/**
 * Mono samples at the file's own rate, as they arrive; an incomplete last frame is dropped.
 * @param bytes the samples' bytes: the file from `dataOffset` on.
 * @param onShort called when there were fewer bytes than the header said.
 */
export async function* readWavSamples(
  bytes: AsyncIterable<Buffer>,
  header: WavHeader,
  onShort: () => void,
): AsyncGenerator<Float32Array> {
  const read = sampleReader(header);
  const isPcm16 = header.encoding === 'pcm' && header.bitsPerSample === 16;
  const frameBytes = (header.bitsPerSample / 8) * header.channels;
  let left = header.dataBytes ?? Number.POSITIVE_INFINITY;
  let torn: Buffer = Buffer.alloc(0);
  for await (const chunk of bytes) {
    const wanted = chunk.length > left ? chunk.subarray(0, left) : chunk;
    left -= wanted.length;
    const joined = torn.length === 0 ? wanted : Buffer.concat([torn, wanted]);
    const whole = joined.length - (joined.length % frameBytes);
    torn = joined.subarray(whole);
    const frames = joined.subarray(0, whole);
    if (whole > 0) yield isPcm16 ? downmixPcm16(frames, header.channels) : downmix(frames, header, read);
    if (left === 0) return;
  }
  if (Number.isFinite(left) && left > 0) onShort();
}
