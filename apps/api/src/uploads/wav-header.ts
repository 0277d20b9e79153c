/** Format codes of WAV files (RFC 2361), and bits a sample. */
const FORMATS = {
  linear16: [1, 16],
  linear32: [3, 32],
  alaw: [6, 8],
  mulaw: [7, 8],
} as const;

/** Samples without a container. */
export interface RawAudio {
  encoding: keyof typeof FORMATS;
  sampleRate: number;
  channels: number;
}

/** Sizes are 32 bits wide. Writers that do not know the length say so with the largest. */
const UNKNOWN_BYTES = 0xffff_ffff;
export const WAV_HEADER_BYTES = 44;
export const MOST_WAV_SAMPLE_BYTES = UNKNOWN_BYTES - WAV_HEADER_BYTES;

/** The header of a WAV file. @param sampleBytes behind it; null: nobody knows yet */
export function wavHeaderOf({ encoding, sampleRate, channels }: RawAudio, sampleBytes: number | null = null): Buffer {
  const [code, bits] = FORMATS[encoding];
  const frameBytes = (channels * bits) / 8;
  const header = Buffer.alloc(WAV_HEADER_BYTES);
  header.write('RIFF', 0, 'latin1');
  header.writeUInt32LE(sampleBytes === null ? UNKNOWN_BYTES : sampleBytes + WAV_HEADER_BYTES - 8, 4);
  header.write('WAVEfmt ', 8, 'latin1');
  header.writeUInt32LE(16, 16);
  header.writeUInt16LE(code, 20);
  header.writeUInt16LE(channels, 22);
  header.writeUInt32LE(sampleRate, 24);
  header.writeUInt32LE(sampleRate * frameBytes, 28);
  header.writeUInt16LE(frameBytes, 32);
  header.writeUInt16LE(bits, 34);
  header.write('data', 36, 'latin1');
  header.writeUInt32LE(sampleBytes ?? UNKNOWN_BYTES, 40);
  return header;
}
