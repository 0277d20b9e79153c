/** What a WAV file says about its samples. Sizes may be wrong: see `dataBytes`. */
export interface WavHeader {
  encoding: 'pcm' | 'float';
  channels: number;
  sampleRate: number;
  bitsPerSample: number;
  /** Where samples begin, from the start of the file. */
  dataOffset: number;
  /** null: the writer did not know it (0, or a size near 2 or 4 GB), and the samples go on to the end of the file. */
  dataBytes: number | null;
}

const PCM = 1;
const IEEE_FLOAT = 3;
const EXTENSIBLE = 0xfffe;
/** Writers that cannot seek back leave 0, 0xFFFFFFFF or (espeak-ng, sox) something just under 2 GB. */
const UNKNOWN_SIZE_FROM = 0x7fff_0000;

/**
 * Reads the chunks before the samples (Microsoft RIFF, "Multiple channel audio data and WAVE files").
 * @param head the file's first bytes, 64 KiB are plenty.
 * @returns null for what is left to ffmpeg: RF64, ADPCM, mu-law, headers longer than `head`
 */
export function parseWavHeader(head: Buffer): WavHeader | null {
  if (head.length < 12 || head.toString('latin1', 0, 4) !== 'RIFF' || head.toString('latin1', 8, 12) !== 'WAVE') {
    return null;
  }
  let format: Omit<WavHeader, 'dataOffset' | 'dataBytes'> | null = null;
  let at = 12;
  while (at + 8 <= head.length) {
    const id = head.toString('latin1', at, at + 4);
    const size = head.readUInt32LE(at + 4);
    const body = at + 8;
    if (id === 'fmt ') format = parseFormat(head.subarray(body, body + size));
    if (id === 'data') {
      if (format === null) return null;
      return { ...format, dataOffset: body, dataBytes: size === 0 || size >= UNKNOWN_SIZE_FROM ? null : size };
    }
    // Chunks of odd size are followed by a padding byte that their size does not count.
    at = body + size + (size & 1);
  }
  return null;
}

function parseFormat(chunk: Buffer): Omit<WavHeader, 'dataOffset' | 'dataBytes'> | null {
  if (chunk.length < 16) return null;
  const declared = chunk.readUInt16LE(0);
  // Extensible: the first two bytes of the sub-format's GUID are the code that would otherwise stand in front.
  const code = declared === EXTENSIBLE && chunk.length >= 26 ? chunk.readUInt16LE(24) : declared;
  const channels = chunk.readUInt16LE(2);
  const sampleRate = chunk.readUInt32LE(4);
  const bitsPerSample = chunk.readUInt16LE(14);
  const encoding = code === PCM ? 'pcm' : code === IEEE_FLOAT ? 'float' : null;
  if (encoding === null || channels < 1 || channels > 64) return null;
  const widths = encoding === 'pcm' ? [8, 16, 24, 32] : [32, 64];
  if (!widths.includes(bitsPerSample)) return null;
  if (chunk.readUInt16LE(12) !== (channels * bitsPerSample) / 8) return null;
  return { encoding, channels, sampleRate, bitsPerSample };
}
