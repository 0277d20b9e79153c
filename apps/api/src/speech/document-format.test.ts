import { describe, expect, it } from '@jest/globals';
import { type SottoError, TEXT_FORMATS } from '@sotto/contracts';
import fc from 'fast-check';
import { documentContentOf, documentFormatOf } from './document-format.ts';

const ZIP = 'PK\u0003\u0004';
const BOOK = `${ZIP}${'.'.repeat(26)}mimetypeapplication/epub+zip`;

describe('documentContentOf', () => {
  it.each([
    [BOOK, 'epub'],
    [`${ZIP}${'.'.repeat(26)}[Content_Types].xml`, 'archive'],
    ['WEBVTT\n\n00:01.000 --> 00:02.000\nHello', 'webvtt'],
    ['WEBVTTs are a format.', 'text'],
    ['\ufeff1\r\n00:00:01,000 --> 00:00:02,000\r\nHello', 'captions'],
    ['<?xml version="1.0"?>\n<speak>Hello</speak>', 'ssml'],
    ['<speakers>', 'text'],
    ['Hello, Zoë.', 'text'],
  ])('tells what begins with %j', (head, content) => {
    expect(documentContentOf(Buffer.from(head))).toBe(content);
  });

  it('takes UTF-16 that says so, and text that is cut within a character', () => {
    expect(documentContentOf(Buffer.from('\ufeffHello', 'utf16le'))).toBe('text');
    expect(documentContentOf(Buffer.from('Zoë').subarray(0, 3))).toBe('text');
  });

  it.each<[string, Buffer, string]>([
    ['a document with a password', Buffer.from('d0cf11e0a1b11ae100000000', 'hex'), 'password'],
    ['a PDF', Buffer.from('%PDF-1.7\n'), 'PDF'],
    ['samples', Buffer.from([1, 0, 2, 0]), 'no text'],
    ['text of another encoding', Buffer.from('Zo\u00eb.', 'latin1'), 'no text'],
  ])('refuses %s', (_, head, why) => {
    expect(() => documentContentOf(head)).toThrow(why);
  });
});

describe('documentFormatOf', () => {
  it('goes by what is said, then by the name, then by the content', () => {
    expect(documentFormatOf('markdown', 'a.txt', 'text')).toBe('markdown');
    expect(documentFormatOf(undefined, 'a.MD', 'text')).toBe('markdown');
    expect(documentFormatOf(undefined, 'upload', 'captions')).toBe('srt');
    expect(documentFormatOf(undefined, 'upload', 'epub')).toBe('epub');
    // Its first file need not be the one that tells.
    expect(documentFormatOf(undefined, 'a.epub', 'archive')).toBe('epub');
  });

  it('refuses what is not what it is said to be', () => {
    expect(() => documentFormatOf(undefined, 'a.docx', 'text')).toThrow('is not docx');
    expect(() => documentFormatOf(undefined, 'a.txt', 'archive')).toThrow('is not text');
    expect(() => documentFormatOf('epub', 'a.txt', 'text')).toThrow('is not epub');
    expect(() => documentFormatOf(undefined, 'a.docx', 'epub')).toThrow('is not docx');
    expect(() => documentFormatOf(undefined, 'a.docm', 'archive')).toThrow('macros');
  });

  it('finds a format or says in words why not, whatever comes', () => {
    const names = fc.oneof(fc.string(), fc.constantFrom('a.docx', 'a.epub', 'a.txt', 'a.docm'));
    const heads = fc.oneof(fc.uint8Array({ maxLength: 100 }), fc.constantFrom(Buffer.from(ZIP), Buffer.from(BOOK)));
    fc.assert(
      fc.property(
        heads,
        names,
        fc.option(fc.constantFrom(...TEXT_FORMATS), { nil: undefined }),
        (head, name, asked) => {
          try {
            const found = documentFormatOf(asked, name, documentContentOf(Buffer.from(head)));
            expect(TEXT_FORMATS).toContain(found);
          } catch (error) {
            expect((error as SottoError).code).toBe('invalid_document');
          }
        },
      ),
    );
  });
});
