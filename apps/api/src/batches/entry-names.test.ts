import { describe, expect, it } from '@jest/globals';
import { anyString } from '@sotto/testkit/any-string';
import fc from 'fast-check';
import { EntryNames } from './entry-names.ts';

describe('EntryNames', () => {
  it.each([
    ['talk.mp3', 'talk.srt'],
    ['a/b\\c:d.wav', 'b_c_d.srt'],
    ['CON.wav', '_CON.srt'],
    ['nul.tar.gz', '_nul.tar.srt'],
    ['...', 'recording.srt'],
    ['', 'recording.srt'],
    ['trailing. .mp3', 'trailing.srt'],
    ['ü.mp3', 'ü.srt'],
  ])('makes of %j %j', (fileName, name) => {
    expect(new EntryNames().nameOf(fileName, 'srt')).toBe(name);
  });

  it('numbers what would be the same file, also where case does not tell', () => {
    const names = new EntryNames();
    expect(['a.mp3', 'a.wav', 'A.mp3', 'a (2).mp3'].map((name) => names.nameOf(name, 'txt'))).toEqual([
      'a.txt',
      'a (2).txt',
      'A (3).txt',
      'a (2) (2).txt',
    ]);
  });

  it('gives one safe path component for anything, no two alike', () => {
    fc.assert(
      fc.property(fc.array(anyString({ maxLength: 300 }), { maxLength: 20 }), (fileNames) => {
        const names = new EntryNames();
        const given = fileNames.map((fileName) => names.nameOf(fileName, 'vtt'));
        expect(new Set(given.map((name) => name.toLowerCase())).size).toBe(given.length);
        for (const name of given) {
          expect(name).toMatch(/^[^<>:"/\\|?*\p{Cc}\p{Cf}]+\.vtt$/u);
          expect(name).not.toMatch(/^[. ]/);
          expect(Buffer.byteLength(name)).toBeLessThanOrEqual(255);
        }
      }),
    );
  });
});
