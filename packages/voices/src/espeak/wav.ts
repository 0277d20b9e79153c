import { endianness } from 'node:os';

const HEADER_BYTES = 44;

export interface EspeakWav {
  sampleRateHz: number;
  samples: Int16Array;
}

/**
 * What espeak-ng writes to stdout: always the same 44 bytes, whose lengths are not known yet, then 16-bit mono samples.
 * @returns null when it is anything else
 */
export function readEspeakWav(wav: Buffer): EspeakWav | null {
  if (wav.length < HEADER_BYTES || wav.toString('latin1', 8, 16) !== 'WAVEfmt ') return null;
  const [format, channels, bits] = [wav.readUInt16LE(20), wav.readUInt16LE(22), wav.readUInt16LE(34)];
  if (format !== 1 || channels !== 1 || bits !== 16 || wav.toString('latin1', 36, 40) !== 'data') return null;
  const bytes = new Uint8Array(wav.subarray(HEADER_BYTES, wav.length - ((wav.length - HEADER_BYTES) % 2)));
  if (endianness() === 'BE') Buffer.from(bytes.buffer).swap16();
  return { sampleRateHz: wav.readUInt32LE(24), samples: new Int16Array(bytes.buffer) };
}
