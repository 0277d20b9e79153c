import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { describeForeign, sniffContainer } from './sniff.ts';

const bytes = (...parts: (string | number[])[]): Uint8Array =>
  Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part, 'latin1') : Buffer.from(part))));

/** MPEG-1 layer III, 128 kbit/s, 44.1 kHz: 417 bytes. */
const MP3_FRAME = [0xff, 0xfb, 0x90, 0x00, ...Array<number>(413).fill(0)];
/** ADTS, 23 bytes long. */
const ADTS_FRAME = [0xff, 0xf1, 0x50, 0x80, 0x02, 0xff, 0xfc, ...Array<number>(16).fill(0)];

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
    ['aac', bytes(ADTS_FRAME, ADTS_FRAME)],
    ['aac', bytes('ID3', [4, 0, 0, 0, 0, 0, 1], [0], ADTS_FRAME, ADTS_FRAME)],
  ])('knows %s', (container, head) => {
    expect(sniffContainer(head)).toBe(container);
  });

  it.each([
    ['a playlist', bytes('#EXTM3U\n#EXTINF:1,\nfile:///etc/passwd\n')],
    ['a script for ffmpeg', bytes('ffconcat version 1.0\nfile /etc/passwd\n')],
    ['a PDF document', bytes('%PDF-1.7')],
    ['a PNG image', bytes('\u0089PNG\r\n')],
    ['text', bytes('What is written here is no sound.')],
    ['neither audio nor video that is known here', bytes([1, 2, 3, 4, 250])],
  ])('refuses %s and says so', (name, head) => {
    expect(sniffContainer(head)).toBeNull();
    expect(describeForeign(head)).toBe(name);
  });

  it('does not take two bytes of MPEG sync for a recording', () => {
    expect(sniffContainer(bytes(MP3_FRAME, [1, 2, 3, 4, 5, 6, 7, 8]))).toBeNull();
    expect(sniffContainer(bytes(ADTS_FRAME, [1, 2, 3, 4, 5, 6, 7, 8]))).toBeNull();
    expect(sniffContainer(bytes([0xff, 0xfe], 'U\u0000T\u0000F\u0000'))).toBeNull();
  });

  it('takes no text for a recording, whatever it says', () => {
    const magic = ['RIFF', 'RF64', 'OggS', 'fLaC', 'ID3'];
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
