/** What is stored of a session: 16 kHz, mono, s16. */
const RATE = 16_000;
const SAMPLE_BYTES = 2;
const BYTES_PER_MS = (RATE * SAMPLE_BYTES) / 1_000;
const HEADER_BYTES = 44;
/** Sizes are 32 bits wide. */
const MOST_BYTES = 0xffff_ffff - HEADER_BYTES;

/** How much a WAV file of that size holds. */
export const longestWavMs = (maxFileBytes: number): number =>
  Math.floor(Math.min(maxFileBytes - HEADER_BYTES, MOST_BYTES) / BYTES_PER_MS);

export const wavMsOf = (sampleBytes: number): number => Math.ceil(sampleBytes / BYTES_PER_MS);

/** The header of a WAV file with so many bytes of samples behind it. */
export function wavHeader(sampleBytes: number): Buffer {
  const header = Buffer.alloc(HEADER_BYTES);
  header.write('RIFF', 0, 'latin1');
  header.writeUInt32LE(sampleBytes + HEADER_BYTES - 8, 4);
  header.write('WAVEfmt ', 8, 'latin1');
  header.writeUInt32LE(16, 16);
  header.writeUInt16LE(1, 20);
  header.writeUInt16LE(1, 22);
  header.writeUInt32LE(RATE, 24);
  header.writeUInt32LE(RATE * SAMPLE_BYTES, 28);
  header.writeUInt16LE(SAMPLE_BYTES, 32);
  header.writeUInt16LE(8 * SAMPLE_BYTES, 34);
  header.write('data', 36, 'latin1');
  header.writeUInt32LE(sampleBytes, 40);
  return header;
}
