/**
 * Formats without a signature of their own: they begin with a sync word, which is too short to believe. So the next frame
 * or packet must stand where the first one ends.
 */

/** The length in bytes of the frame that begins at `offset`; null when none does. */
type FrameBytes = (head: Uint8Array, offset: number) => number | null;

/** What a frame needs to be judged by. */
const FRAME_HEADER_BYTES = 6;

/** The container of a stream of audio frames, or null. */
export function framedAudioKind(head: Uint8Array): 'aac' | 'mp3' | 'ac3' | 'eac3' | null {
  if (hasFrames(head, adtsFrameBytes)) return 'aac';
  if (hasFrames(head, mpegFrameBytes)) return 'mp3';
  if (hasFrames(head, ac3FrameBytes)) return 'ac3';
  return hasFrames(head, eac3FrameBytes) ? 'eac3' : null;
}

function hasFrames(head: Uint8Array, frameBytes: FrameBytes): boolean {
  const first = frameBytes(head, 0);
  if (first === null) return false;
  return first + FRAME_HEADER_BYTES > head.length || frameBytes(head, first) !== null;
}

/** ISO/IEC 13818-7 ADTS: 12 bits of sync, layer 0, 13 bits of frame length. */
function adtsFrameBytes(head: Uint8Array, offset: number): number | null {
  const [b0 = 0, b1 = 0, b2 = 0, b3 = 0, b4 = 0, b5 = 0] = head.subarray(offset, offset + 6);
  if (b0 !== 0xff || (b1 & 0xf6) !== 0xf0 || ((b2 >> 2) & 15) > 12) return null;
  const bytes = ((b3 & 3) << 11) | (b4 << 3) | (b5 >> 5);
  return bytes >= 7 ? bytes : null;
}

const MPEG1_LAYER3_KBITS = [0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320];
const MPEG1_LAYER2_KBITS = [0, 32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384];
const MPEG2_KBITS = [0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160];
const MPEG1_RATES = [44_100, 48_000, 32_000];

/** ISO/IEC 11172-3 and 13818-3, layers II and III. */
function mpegFrameBytes(head: Uint8Array, offset: number): number | null {
  const [b0 = 0, b1 = 0, b2 = 0] = head.subarray(offset, offset + 3);
  if (b0 !== 0xff || (b1 & 0xe0) !== 0xe0) return null;
  const version = (b1 >> 3) & 3; // 0: 2.5, 2: 2, 3: 1
  const layer = 4 - ((b1 >> 1) & 3);
  const isMpeg1 = version === 3;
  const rate = MPEG1_RATES[(b2 >> 2) & 3];
  if (version === 1 || (layer !== 2 && layer !== 3) || rate === undefined) return null;
  const kbits = (isMpeg1 ? (layer === 2 ? MPEG1_LAYER2_KBITS : MPEG1_LAYER3_KBITS) : MPEG2_KBITS)[b2 >> 4];
  if (!kbits) return null;
  const hertz = isMpeg1 ? rate : version === 2 ? rate / 2 : rate / 4;
  const samples = layer === 3 && !isMpeg1 ? 576 : 1152;
  const padding = (b2 >> 1) & 1;
  return Math.floor(((samples / 8) * kbits * 1000) / hertz) + padding;
}

const AC3_KBITS = [32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384, 448, 512, 576, 640];
const AC3_RATES = [48_000, 44_100, 32_000];
const AC3_FRAME_SAMPLES = 1536;
/** Bit stream identifications: AC-3 up to here, E-AC-3 above. */
const MAX_AC3_BSID = 10;
const MAX_EAC3_BSID = 16;

/** ATSC A/52, 5.3 and 5.4: sync, CRC, sample rate code, frame size code, bsid. */
function ac3FrameBytes(head: Uint8Array, offset: number): number | null {
  const [b0 = 0, b1 = 0, , , b4 = 0, b5 = 0] = head.subarray(offset, offset + 6);
  if (b0 !== 0x0b || b1 !== 0x77 || b5 >> 3 > MAX_AC3_BSID) return null;
  const rate = AC3_RATES[b4 >> 6];
  const sizeCode = b4 & 63;
  const kbits = AC3_KBITS[sizeCode >> 1];
  if (rate === undefined || kbits === undefined) return null;
  const words = Math.floor((kbits * 1000 * AC3_FRAME_SAMPLES) / (rate * 16));
  // At 44.1 kHz, where frames do not come out even, odd codes are a word longer.
  return 2 * (words + (rate === 44_100 ? sizeCode & 1 : 0));
}

/** ATSC A/52, annex E: sync, stream type, substream, 11 bits of frame size in words, ..., bsid. */
function eac3FrameBytes(head: Uint8Array, offset: number): number | null {
  const [b0 = 0, b1 = 0, b2 = 0, b3 = 0, , b5 = 0] = head.subarray(offset, offset + 6);
  const bsid = b5 >> 3;
  if (b0 !== 0x0b || b1 !== 0x77 || bsid <= MAX_AC3_BSID || bsid > MAX_EAC3_BSID) return null;
  return 2 * ((((b2 & 7) << 8) | b3) + 1);
}

const TS_SYNC = 0x47;
/** Plain; with a 4-byte time stamp before each packet (m2ts); with 16 bytes of error correction behind it. */
const TS_LAYOUTS = [
  { packetBytes: 188, syncAt: 0 },
  { packetBytes: 192, syncAt: 4 },
  { packetBytes: 204, syncAt: 0 },
];
const MIN_TS_PACKETS = 3;
const TS_PACKETS_LOOKED_AT = 8;

/** ISO/IEC 13818-1: packets of one length, each of which begins with the same byte. */
export function isTransportStream(head: Uint8Array): boolean {
  return TS_LAYOUTS.some(({ packetBytes, syncAt }) => {
    const count = Math.min(TS_PACKETS_LOOKED_AT, Math.floor((head.length - syncAt - 4) / packetBytes) + 1);
    if (count < MIN_TS_PACKETS) return false;
    return Array.from({ length: count }, (_, index) => syncAt + index * packetBytes).every((at) =>
      isTsHeader(head, at),
    );
  });
}

/** Sync byte, no transport error, and an adaptation field, a payload, or both. */
function isTsHeader(head: Uint8Array, at: number): boolean {
  const [b0 = 0, b1 = 0, , b3 = 0] = head.subarray(at, at + 4);
  return b0 === TS_SYNC && (b1 & 0x80) === 0 && (b3 & 0x30) !== 0;
}
