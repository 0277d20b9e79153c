import { describe, expect, it } from '@jest/globals';
import { anyString } from '@sotto/testkit/any-string';
import fc from 'fast-check';
import { cleanFileName, hasMediaExtension, isMediaType } from './file-name.ts';

describe('cleanFileName', () => {
  it.each([
    ['talk.mp3', 'talk.mp3'],
    ['../../etc/passwd', 'passwd'],
    ['C:\\Users\\me\\talk.wav', 'talk.wav'],
    ['ta\u0000lk\u202e3pm.mp3', 'talk3pm.mp3'],
    ['..', 'upload'],
    ['', 'upload'],
    ['.hidden.ogg', 'hidden.ogg'],
    ['u\u0308ber.wav', '\u00fcber.wav'],
  ])('%j becomes %j', (given, clean) => {
    expect(cleanFileName(given)).toBe(clean);
  });

  it('shortens ten thousand characters and keeps the extension', () => {
    const clean = cleanFileName(`${'\u{1F399}'.repeat(10_000)}.mp3`);
    expect([...clean]).toHaveLength(255);
    expect(clean.endsWith('\u{1F399}.mp3')).toBe(true);
  });

  it('gives one printable path component for anything, and the same again for its own result', () => {
    fc.assert(
      fc.property(anyString(), (name) => {
        const clean = cleanFileName(name);
        expect(clean).not.toMatch(/[\p{Cc}\p{Cf}/\\]/u);
        expect(clean.length).toBeGreaterThan(0);
        expect(clean.startsWith('.')).toBe(false);
        expect(cleanFileName(clean)).toBe(clean);
      }),
    );
  });
});

describe('what a client declares', () => {
  it.each([
    ['a.MP3', true],
    ['blob', true],
    ['x.opus', true],
    ['book.m4b', true],
    ['film.m2ts', true],
    ['notes.txt', false],
    ['list.m3u8', false],
    ['list.m3u', false],
    ['list.ffconcat', false],
    ['call.sdp', false],
    ['stream.mpd', false],
    ['mail.exe', false],
  ])('extension of %s: %s', (name, isMedia) => {
    expect(hasMediaExtension(name)).toBe(isMedia);
  });

  it.each([
    ['audio/anything', true],
    ['VIDEO/MP4; codecs=avc1', true],
    ['application/octet-stream', true],
    ['text/plain', true],
    ['', true],
    ['model/vnd.mts', true],
    ['text/vnd.trolltech.linguist', true],
    ['image/png', false],
    ['audio/x-mpegurl', false],
    ['audio/mpegurl; charset=utf-8', false],
    ['audio/x-scpls', false],
    ['application/pdf', false],
    ['application/vnd.apple.mpegurl', false],
  ])('type %j: %s', (type, isMedia) => {
    expect(isMediaType(type)).toBe(isMedia);
  });
});
