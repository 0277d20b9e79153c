import { endianness } from 'node:os';

export interface WavSound {
  sampleRateHz: number;
  samples: Int16Array;
}

const RIFF_BYTES = 12;
const CHUNK_HEADER_BYTES = 8;

/**
 * Whole 16-bit mono samples of a WAV file. One that was written to a pipe does not know its length, as espeak-ng's and ffmpeg's: its
 * samples go on to the end.
 * @returns null when it is anything else
 */
export function readWav(wav: Buffer): WavSound | null {
  if (wav.length < RIFF_BYTES || wav.toString('latin1', 0, 4) !== 'RIFF' || wav.toString('latin1', 8, 12) !== 'WAVE') {
    return null;
  }
  let sampleRateHz: number | null = null;
  for (let at = RIFF_BYTES; at + CHUNK_HEADER_BYTES <= wav.length; ) {
    const name = wav.toString('latin1', at, at + 4);
    const bytes = wav.readUInt32LE(at + 4);
    const content = wav.subarray(at + CHUNK_HEADER_BYTES, at + CHUNK_HEADER_BYTES + bytes);
    if (name === 'data') return sampleRateHz === null ? null : { sampleRateHz, samples: samplesOf(content) };
    if (name === 'fmt ') sampleRateHz = rateOf(content);
    // Chunks begin at even places.
    at += CHUNK_HEADER_BYTES + bytes + (bytes % 2);
  }
  return null;
}

/** null: its samples are others than 16-bit mono ones. */
function rateOf(format: Buffer): number | null {
  if (format.length < 16) return null;
  const [kind, channels, bits] = [format.readUInt16LE(0), format.readUInt16LE(2), format.readUInt16LE(14)];
  return kind === 1 && channels === 1 && bits === 16 ? format.readUInt32LE(4) : null;
}

/** s16le, in memory of its own; half a sample at the end is left out. */
export function samplesOf(pcm: Uint8Array): Int16Array {
  const bytes = new Uint8Array(pcm.subarray(0, pcm.length - (pcm.length % 2)));
  if (endianness() === 'BE') Buffer.from(bytes.buffer).swap16();
  return new Int16Array(bytes.buffer);
}
