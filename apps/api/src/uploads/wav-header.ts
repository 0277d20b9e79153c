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

/**
 * The header of a WAV file.
 *
 * @param sampleBytes behind it; null: nobody knows yet
 * @param comment ASCII, told by players; empty: none, and the header has WAV_HEADER_BYTES
 */
export function wavHeaderOf(
  { encoding, sampleRate, channels }: RawAudio,
  sampleBytes: number | null = null,
  comment = '',
): Buffer {
  const [code, bits] = FORMATS[encoding];
  const frameBytes = (channels * bits) / 8;
  const info = infoChunk(comment);
  const header = Buffer.alloc(WAV_HEADER_BYTES - 8);
  header.write('RIFF', 0, 'latin1');
  header.writeUInt32LE(sampleBytes === null ? UNKNOWN_BYTES : sampleBytes + WAV_HEADER_BYTES + info.length - 8, 4);
  header.write('WAVEfmt ', 8, 'latin1');
  header.writeUInt32LE(16, 16);
  header.writeUInt16LE(code, 20);
  header.writeUInt16LE(channels, 22);
  header.writeUInt32LE(sampleRate, 24);
  header.writeUInt32LE(sampleRate * frameBytes, 28);
  header.writeUInt16LE(frameBytes, 32);
  header.writeUInt16LE(bits, 34);
  return Buffer.concat([header, info, chunkHead('data', sampleBytes ?? UNKNOWN_BYTES)]);
}

/** Before the samples, since whoever reads them as they come never sees what is behind them. */
function infoChunk(comment: string): Buffer {
  if (comment === '') return Buffer.alloc(0);
  // Zero-terminated, and of an even length.
  const text = Buffer.alloc(2 * Math.ceil((comment.length + 1) / 2));
  text.write(comment, 'latin1');
  const info = Buffer.concat([Buffer.from('INFO'), chunkHead('ICMT', text.length), text]);
  return Buffer.concat([chunkHead('LIST', info.length), info]);
}

function chunkHead(name: string, bytes: number): Buffer {
  const head = Buffer.alloc(8);
  head.write(name, 'latin1');
  head.writeUInt32LE(bytes, 4);
  return head;
}
