import type { Container } from '@sotto/contracts';

/** How much of a file is looked at before it is judged. */
export const SNIFF_BYTES = 4096;

const ascii = (bytes: Uint8Array, start: number, end: number): string =>
  String.fromCharCode(...bytes.subarray(start, end));

const startsWith = (bytes: Uint8Array, signature: readonly number[]): boolean =>
  signature.every((byte, index) => bytes[index] === byte);

/** ASF header object GUID. */
const ASF = [0x30, 0x26, 0xb2, 0x75, 0x8e, 0x66, 0xcf, 0x11];
const EBML = [0x1a, 0x45, 0xdf, 0xa3];

/** First boxes of an ISO media file; QuickTime files older than `ftyp` begin with one of the others. */
const ISO_BOXES = ['ftyp', 'moov', 'mdat', 'wide', 'free', 'skip', 'pnot'];

/**
 * The container that these first bytes belong to, or null when they are no audio or video that this service takes.
 * Playlists and scripts are text, and text has none of these signatures.
 */
export function sniffContainer(head: Uint8Array): Container | null {
  const four = ascii(head, 0, 4);
  if (['RIFF', 'RIFX', 'RF64', 'BW64'].includes(four)) return riffKind(head);
  if (four === 'OggS') return 'ogg';
  if (four === 'fLaC') return 'flac';
  if (four.startsWith('FLV') && head[3] === 1) return 'flv';
  if (startsWith(head, EBML)) return 'matroska';
  if (startsWith(head, ASF)) return 'asf';
  if (ISO_BOXES.includes(ascii(head, 4, 8))) return 'mp4';
  if (four.startsWith('ID3')) return behindId3(head);
  return mpegAudioKind(head);
}

function riffKind(head: Uint8Array): Container | null {
  const form = ascii(head, 8, 12);
  if (form === 'WAVE') return 'wav';
  return form === 'AVI ' ? 'avi' : null;
}

/** An ID3v2 tag may stand before MP3, ADTS and FLAC; one that outlasts the head is taken as MP3's, as nearly all are. */
function behindId3(head: Uint8Array): Container | null {
  const [a = 0, b = 0, c = 0, d = 0] = head.subarray(6, 10);
  const tagBytes = 10 + ((a & 127) << 21) + ((b & 127) << 14) + ((c & 127) << 7) + (d & 127);
  const rest = head.subarray(tagBytes);
  if (rest.length < 4) return head.length >= 10 ? 'mp3' : null;
  if (ascii(rest, 0, 4) === 'fLaC') return 'flac';
  // Some writers pad behind the tag.
  const padded = rest.findIndex((byte) => byte !== 0);
  return padded === -1 ? 'mp3' : mpegAudioKind(rest.subarray(padded));
}

function mpegAudioKind(head: Uint8Array): Container | null {
  const adts = adtsFrameBytes(head, 0);
  if (adts !== null) return isFollowed(head, adts, adtsFrameBytes) ? 'aac' : null;
  const mpeg = mpegFrameBytes(head, 0);
  if (mpeg !== null) return isFollowed(head, mpeg, mpegFrameBytes) ? 'mp3' : null;
  return null;
}

/** Two bytes of sync are too common in other files: the next frame must stand where the first one ends. */
function isFollowed(
  head: Uint8Array,
  frameBytes: number,
  next: (head: Uint8Array, offset: number) => number | null,
): boolean {
  return frameBytes + 6 > head.length || next(head, frameBytes) !== null;
}

/** ISO/IEC 13818-7 ADTS: 12 bits of sync, layer 0, 13 bits of frame length. */
function adtsFrameBytes(head: Uint8Array, offset: number): number | null {
  const [b0 = 0, b1 = 0, b2 = 0, b3 = 0, b4 = 0, b5 = 0] = head.subarray(offset, offset + 6);
  if (b0 !== 0xff || (b1 & 0xf6) !== 0xf0 || ((b2 >> 2) & 15) > 12) return null;
  const bytes = ((b3 & 3) << 11) | (b4 << 3) | (b5 >> 5);
  return bytes >= 7 ? bytes : null;
}

const MPEG1_LAYER3 = [0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320];
const MPEG2_LAYER3 = [0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160];
const MPEG1_RATES = [44_100, 48_000, 32_000];

/** ISO/IEC 11172-3 and 13818-3, layer III. */
function mpegFrameBytes(head: Uint8Array, offset: number): number | null {
  const [b0 = 0, b1 = 0, b2 = 0] = head.subarray(offset, offset + 3);
  if (b0 !== 0xff || (b1 & 0xe0) !== 0xe0) return null;
  const version = (b1 >> 3) & 3; // 0: 2.5, 2: 2, 3: 1
  const isLayer3 = ((b1 >> 1) & 3) === 1;
  const rate = MPEG1_RATES[(b2 >> 2) & 3];
  const kbits = (version === 3 ? MPEG1_LAYER3 : MPEG2_LAYER3)[b2 >> 4];
  if (version === 1 || !isLayer3 || rate === undefined || !kbits) return null;
  const hertz = version === 3 ? rate : version === 2 ? rate / 2 : rate / 4;
  const padding = (b2 >> 1) & 1;
  return Math.floor(((version === 3 ? 144 : 72) * kbits * 1000) / hertz) + padding;
}

const FOREIGN: readonly (readonly [name: string, signature: string])[] = [
  ['a PDF document', '%PDF'],
  ['a ZIP archive or office document', 'PK\u0003\u0004'],
  ['a PNG image', '\u0089PNG'],
  ['a GIF image', 'GIF8'],
  ['a JPEG image', '\u00ff\u00d8\u00ff'],
  ['a gzip archive', '\u001f\u008b'],
  ['a playlist', '#EXTM3U'],
  ['a script for ffmpeg', 'ffconcat'],
  ['a program', '\u007fELF'],
  ['a program', 'MZ'],
];

/** What refused content is, in words for its sender. */
export function describeForeign(head: Uint8Array): string {
  const start = ascii(head, 0, 16);
  const known = FOREIGN.find(([, signature]) => start.startsWith(signature));
  if (known !== undefined) return known[0];
  const isText = head.subarray(0, 512).every((byte) => byte >= 32 || (byte >= 9 && byte <= 13));
  return isText ? 'text' : 'neither audio nor video that is known here';
}
