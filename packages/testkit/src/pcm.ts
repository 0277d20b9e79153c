import { readFile, writeFile } from 'node:fs/promises';

/** All test audio is what Whisper hears: 16 kHz, mono, signed 16 bit. */
export const SAMPLE_RATE = 16_000;
const SAMPLES_PER_MS = SAMPLE_RATE / 1_000;
const HEADER_BYTES = 44;

export const durationMsOf = (samples: Int16Array): number => Math.round(samples.length / SAMPLES_PER_MS);

export const pause = (durationMs: number): Int16Array => new Int16Array(Math.round(durationMs * SAMPLES_PER_MS));

/** White noise; the same seed gives the same samples. */
export function noise(durationMs: number, amplitude = 300, seed = 1): Int16Array {
  const random = seededRandom(seed);
  return pause(durationMs).map(() => Math.round((random() * 2 - 1) * amplitude));
}

export function tone(durationMs: number, hertz = 440, amplitude = 8_000): Int16Array {
  return pause(durationMs).map((_, index) =>
    Math.round(amplitude * Math.sin((2 * Math.PI * hertz * index) / SAMPLE_RATE)),
  );
}

export function concat(...parts: Int16Array[]): Int16Array {
  const whole = new Int16Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** Deterministic numbers in [0, 1) (mulberry32). */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Channels as they lie in a file: a sample of each in turn. The shorter ones end with silence. */
export function interleaved(...channels: Int16Array[]): Int16Array {
  const frames = Math.max(...channels.map(({ length }) => length));
  const samples = new Int16Array(frames * channels.length);
  for (const [channel, own] of channels.entries()) {
    for (let frame = 0; frame < own.length; frame += 1) samples[frame * channels.length + channel] = own[frame] ?? 0;
  }
  return samples;
}

/** A whole WAV file: 44 bytes of header, then the samples as they lie in memory (little endian, as everywhere here). */
export function encodeWav(samples: Int16Array, channels = 1): Buffer {
  const bytes = samples.length * 2;
  const file = Buffer.alloc(HEADER_BYTES + bytes);
  file.write('RIFF', 0, 'latin1');
  file.writeUInt32LE(HEADER_BYTES - 8 + bytes, 4);
  file.write('WAVEfmt ', 8, 'latin1');
  file.writeUInt32LE(16, 16);
  file.writeUInt16LE(1, 20);
  file.writeUInt16LE(channels, 22);
  file.writeUInt32LE(SAMPLE_RATE, 24);
  file.writeUInt32LE(SAMPLE_RATE * 2 * channels, 28);
  file.writeUInt16LE(2 * channels, 32);
  file.writeUInt16LE(16, 34);
  file.write('data', 36, 'latin1');
  file.writeUInt32LE(bytes, 40);
  file.set(new Uint8Array(samples.buffer, samples.byteOffset, bytes), HEADER_BYTES);
  return file;
}

/** Samples of a 16 kHz mono 16-bit WAV file; other shapes are refused. */
export function decodeWav(file: Buffer): Int16Array {
  const format = chunkOf(file, 'fmt ');
  if (format.readUInt16LE(2) !== 1 || format.readUInt32LE(4) !== SAMPLE_RATE || format.readUInt16LE(14) !== 16) {
    throw new Error('Not a 16 kHz mono 16-bit WAV file.');
  }
  const data = chunkOf(file, 'data');
  // A copy begins where numbers may begin; the file's bytes need not.
  return new Int16Array(new Uint8Array(data).buffer, 0, Math.floor(data.length / 2));
}

function chunkOf(file: Buffer, name: string): Buffer {
  for (let at = 12; at + 8 <= file.length; ) {
    const bytes = file.readUInt32LE(at + 4);
    if (file.toString('latin1', at, at + 4) === name)
      return file.subarray(at + 8, Math.min(at + 8 + bytes, file.length));
    at += 8 + bytes + (bytes % 2);
  }
  throw new Error(`The WAV file has no ${name.trim()} chunk.`);
}

export const writeWav = (path: string, samples: Int16Array): Promise<void> => writeFile(path, encodeWav(samples));

export const readWav = async (path: string): Promise<Int16Array> => decodeWav(await readFile(path));
