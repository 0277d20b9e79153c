import type { Container } from '@sotto/contracts';
import { framedAudioKind, isTransportStream } from './frame-sync.ts';

/** How much of a file is looked at before it is judged. */
export const SNIFF_BYTES = 4096;

const ascii = (bytes: Uint8Array, start: number, end: number): string =>
  String.fromCharCode(...bytes.subarray(start, end));

/** Signatures at the very start of a file, one character for each byte. */
const SIGNATURES: readonly (readonly [signature: string, container: Container])[] = [
  ['OggS', 'ogg'],
  ['fLaC', 'flac'],
  ['FLV\u0001', 'flv'],
  ['caff', 'caf'],
  ['.snd', 'au'],
  // RFC 4867, section 5; the files of several channels that it knows too are not read by ffmpeg.
  ['#!AMR\n', 'amr'],
  ['#!AMR-WB\n', 'amr'],
  // EBML.
  ['\u001aE\u00df\u00a3', 'matroska'],
  // GUIDs of ASF's header object and of Wave64's RIFF chunk.
  ['0&\u00b2u\u008ef\u00cf\u0011', 'asf'],
  ['riff.\u0091\u00cf\u0011', 'w64'],
];
const LONGEST_SIGNATURE = 9;

/** First boxes of an ISO media file; QuickTime files older than `ftyp` begin with one of the others. */
const ISO_BOXES = ['ftyp', 'moov', 'mdat', 'wide', 'free', 'skip', 'pnot'];

/**
 * The container that these first bytes belong to, or null when they are no audio or video that this service takes.
 * Playlists and scripts are text, and text has none of these signatures.
 */
export function sniffContainer(head: Uint8Array): Container | null {
  const start = ascii(head, 0, LONGEST_SIGNATURE);
  const signed = SIGNATURES.find(([signature]) => start.startsWith(signature));
  if (signed !== undefined) return signed[1];
  const four = start.slice(0, 4);
  if (['RIFF', 'RIFX', 'RF64', 'BW64'].includes(four)) return riffKind(head);
  if (four === 'FORM') return ['AIFF', 'AIFC'].includes(ascii(head, 8, 12)) ? 'aiff' : null;
  if (four === '\u0000\u0000\u0001\u00ba') return isMpegPack(head) ? 'mpegps' : null;
  if (ISO_BOXES.includes(ascii(head, 4, 8))) return 'mp4';
  if (four.startsWith('ID3')) return behindId3(head);
  return isTransportStream(head) ? 'mpegts' : framedAudioKind(head);
}

function riffKind(head: Uint8Array): Container | null {
  const form = ascii(head, 8, 12);
  if (form === 'WAVE') return 'wav';
  return form === 'AVI ' ? 'avi' : null;
}

/** What follows the start code of a pack: two bits of MPEG-2 or four of MPEG-1. */
const isMpegPack = ([, , , , marker = 0]: Uint8Array): boolean => marker >> 6 === 0b01 || marker >> 4 === 0b0010;

/** An ID3v2 tag may stand before MP3, ADTS and FLAC; one that outlasts the head is taken as MP3's, as nearly all are. */
function behindId3(head: Uint8Array): Container | null {
  const [a = 0, b = 0, c = 0, d = 0] = head.subarray(6, 10);
  const tagBytes = 10 + ((a & 127) << 21) + ((b & 127) << 14) + ((c & 127) << 7) + (d & 127);
  const rest = head.subarray(tagBytes);
  if (rest.length < 4) return head.length >= 10 ? 'mp3' : null;
  if (ascii(rest, 0, 4) === 'fLaC') return 'flac';
  // Some writers pad behind the tag.
  const padded = rest.findIndex((byte) => byte !== 0);
  return padded === -1 ? 'mp3' : framedAudioKind(rest.subarray(padded));
}

const FOREIGN: readonly (readonly [name: string, signature: string])[] = [
  ['a PDF document', '%PDF'],
  ['a ZIP archive or office document', 'PK\u0003\u0004'],
  ['a PNG image', '\u0089PNG'],
  ['a GIF image', 'GIF8'],
  ['a JPEG image', '\u00ff\u00d8\u00ff'],
  ['a gzip archive', '\u001f\u008b'],
  ['a playlist', '#EXTM3U'],
  ['an ffmpeg script', 'ffconcat'],
  ['a program', '\u007fELF'],
  ['a program', 'MZ'],
];

/** What refused content is, in words for its sender. */
export function describeForeign(head: Uint8Array): string {
  const start = ascii(head, 0, 16);
  const known = FOREIGN.find(([, signature]) => start.startsWith(signature));
  if (known !== undefined) return known[0];
  const isText = head.subarray(0, 512).every((byte) => byte >= 32 || (byte >= 9 && byte <= 13));
  return isText ? 'text' : 'not a known audio or video format';
}
