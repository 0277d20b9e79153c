import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { describeForeign, sniffContainer } from './sniff.ts';

const bytes = (...parts: (string | number[])[]): Uint8Array =>
  Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part, 'latin1') : Buffer.from(part))));

/** MPEG-1 layer III, 128 kbit/s, 44.1 kHz: 417 bytes. */
const MP3_FRAME = [0xff, 0xfb, 0x90, 0x00, ...Array<number>(413).fill(0)];
/** ADTS, 23 bytes long. */
const ADTS_FRAME = [0xff, 0xf1, 0x50, 0x80, 0x02, 0xff, 0xfc, ...Array<number>(16).fill(0)];
/** MPEG-1 layer II, 160 kbit/s, 48 kHz: 480 bytes. */
const MP2_FRAME = [0xff, 0xfd, 0x94, 0x00, ...Array<number>(476).fill(0)];
/** AC-3, 96 kbit/s, 44.1 kHz, the longer of its two frame sizes: 418 bytes. */
const AC3_FRAME = [0x0b, 0x77, 0, 0, 0x4d, 0x40, ...Array<number>(412).fill(0)];
/** E-AC-3, 576 bytes. */
const EAC3_FRAME = [0x0b, 0x77, 0x01, 0x1f, 0xb2, 0x87, ...Array<number>(570).fill(0)];
const tsPacket = (before: number, behind: number): number[] => [
  ...Array<number>(before).fill(1),
  0x47,
  0x40,
  0x11,
  0x10,
  ...Array<number>(184 + behind).fill(0xff),
];
const tsPackets = (count: number, before = 0, behind = 0): number[] =>
  Array.from({ length: count }, () => tsPacket(before, behind)).flat();

describe('sniffContainer', () => {
  it.each([
    ['wav', bytes('RIFF', [36, 0, 0, 0], 'WAVEfmt ')],
    ['wav', bytes('RF64', [255, 255, 255, 255], 'WAVEds64')],
    ['avi', bytes('RIFF', [36, 0, 0, 0], 'AVI LIST')],
    ['ogg', bytes('OggS', [0, 2])],
    ['flac', bytes('fLaC', [0, 0, 0, 34])],
    ['flv', bytes('FLV', [1, 5, 0, 0, 0, 9])],
    ['matroska', bytes([0x1a, 0x45, 0xdf, 0xa3, 0x9f])],
    ['asf', bytes([0x30, 0x26, 0xb2, 0x75, 0x8e, 0x66, 0xcf, 0x11])],
    ['mp4', bytes([0, 0, 0, 24], 'ftypM4A ')],
    ['mp4', bytes([0, 0, 0, 8], 'wide', [0, 0, 1, 0], 'mdat')],
    ['mp3', bytes(MP3_FRAME, MP3_FRAME)],
    ['mp3', bytes('ID3', [4, 0, 0, 0, 0, 0, 3], [1, 2, 3], MP3_FRAME, MP3_FRAME)],
    ['mp3', bytes('ID3', [4, 0, 0, 0, 0, 0x7f, 0x7f], [1, 2, 3])],
    ['flac', bytes('ID3', [4, 0, 0, 0, 0, 0, 1], [0], 'fLaC')],
    ['mp3', bytes(MP2_FRAME, MP2_FRAME)],
    ['ac3', bytes(AC3_FRAME, AC3_FRAME)],
    ['eac3', bytes(EAC3_FRAME, EAC3_FRAME)],
    ['aiff', bytes('FORM', [0, 1, 0, 0], 'AIFFCOMM')],
    ['aiff', bytes('FORM', [0, 1, 0, 0], 'AIFCFVER')],
    ['caf', bytes('caff', [0, 1, 0, 0], 'desc')],
    ['au', bytes('.snd', [0, 0, 0, 32])],
    ['w64', bytes('riff', [0x2e, 0x91, 0xcf, 0x11, 0xa5, 0xd6])],
    ['amr', bytes('#!AMR\n', [4])],
    ['amr', bytes('#!AMR-WB\n', [4])],
    ['mpegts', bytes(tsPackets(3))],
    ['mpegts', bytes(tsPackets(10, 4))],
    ['mpegts', bytes(tsPackets(10, 0, 16))],
    ['mpegps', bytes([0, 0, 1, 0xba, 0x44, 0, 4])],
    ['mpegps', bytes([0, 0, 1, 0xba, 0x21, 0, 1])],
    ['aac', bytes(ADTS_FRAME, ADTS_FRAME)],
    ['aac', bytes('ID3', [4, 0, 0, 0, 0, 0, 1], [0], ADTS_FRAME, ADTS_FRAME)],
  ])('knows %s', (container, head) => {
    expect(sniffContainer(head)).toBe(container);
  });

  it.each([
    ['a playlist', bytes('#EXTM3U\n#EXTINF:1,\nfile:///etc/passwd\n')],
    ['an ffmpeg script', bytes('ffconcat version 1.0\nfile /etc/passwd\n')],
    ['a PDF document', bytes('%PDF-1.7')],
    ['a PNG image', bytes('\u0089PNG\r\n')],
    ['text', bytes('What is written here is no sound.')],
    ['not a known audio or video format', bytes([1, 2, 3, 4, 250])],
  ])('refuses %s and says so', (name, head) => {
    expect(sniffContainer(head)).toBeNull();
    expect(describeForeign(head)).toBe(name);
  });

  it.each([
    ['a picture of the same family as AIFF', bytes('FORM', [0, 1, 0, 0], 'ILBM')],
    ['AMR of several channels', bytes('#!AMR_MC1.0\n', [0, 0, 0, 2])],
    ['a script of a like start', bytes('#!AMR -o x\n')],
    ['an MPEG video stream', bytes([0, 0, 1, 0xb3, 0x16, 0, 0xf0])],
    ['a pack of neither MPEG', bytes([0, 0, 1, 0xba, 0x84, 0, 4])],
    ['two packets', bytes(tsPackets(2))],
    ['packets, then something else', bytes(tsPackets(4), Array<number>(400).fill(0))],
    ['one frame of AC-3', bytes(AC3_FRAME, [1, 2, 3, 4, 5, 6])],
    ['one frame of E-AC-3', bytes(EAC3_FRAME, [1, 2, 3, 4, 5, 6])],
    ['one frame of MPEG layer II', bytes(MP2_FRAME, [1, 2, 3, 4, 5, 6])],
    ['MPEG layer I', bytes([0xff, 0xff, 0x94, 0x00])],
  ])('does not know %s', (_what, head) => {
    expect(sniffContainer(head)).toBeNull();
  });

  it('does not take two bytes of MPEG sync for a recording', () => {
    expect(sniffContainer(bytes(MP3_FRAME, [1, 2, 3, 4, 5, 6, 7, 8]))).toBeNull();
    expect(sniffContainer(bytes(ADTS_FRAME, [1, 2, 3, 4, 5, 6, 7, 8]))).toBeNull();
    expect(sniffContainer(bytes([0xff, 0xfe], 'U\u0000T\u0000F\u0000'))).toBeNull();
  });

  it('takes no text for a recording, whatever it says', () => {
    const magic = ['RIFF', 'RF64', 'OggS', 'fLaC', 'ID3', 'FORM', 'caff', '.snd', '#!AMR'];
    fc.assert(
      fc.property(fc.string({ unit: 'binary-ascii' }), (text) => {
        fc.pre(
          !magic.some((word) => text.startsWith(word)) && !/^.{4}(ftyp|moov|mdat|wide|free|skip|pnot)/s.test(text),
        );
        return sniffContainer(Buffer.from(text)) === null;
      }),
    );
  });

  it('never throws, however short or odd the head', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 64 }), (head) => void sniffContainer(head)));
    fc.assert(fc.property(fc.uint8Array({ maxLength: 40 }), (rest) => void sniffContainer(bytes('ID3', [...rest]))));
  });
});
