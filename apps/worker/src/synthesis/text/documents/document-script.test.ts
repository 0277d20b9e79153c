import { describe, expect, it } from '@jest/globals';
import { SottoError, TEXT_FORMATS, type TextFormat } from '@sotto/contracts';
import { docx as docxIn, epub as epubIn, docxParagraph as paragraph, type TextFiles } from '@sotto/testkit';
import fc from 'fast-check';
import { strToU8, zipSync } from 'fflate';
import { documentScript } from './document-script.ts';

const read = (bytes: Uint8Array | string, format: TextFormat) =>
  documentScript(Buffer.from(bytes), format, { language: 'en', maxCharacters: 1000 });
const said = async (bytes: Uint8Array | string, format: TextFormat) =>
  (await read(bytes, format)).utterances.map((one) => one.spoken);

const zipped = (files: TextFiles) =>
  zipSync(Object.fromEntries(Object.entries(files).map(([name, text]) => [name, strToU8(text)])));
const docx = (body: string) => docxIn(zipped, body);
const epub = (...book: [pages: TextFiles, options?: Parameters<typeof epubIn>[2]]) => epubIn(zipped, ...book);

describe('documents', () => {
  it('are read as text and Markdown, in UTF-8 or UTF-16', async () => {
    expect(await said('\uFEFFOne. Two.', 'text')).toEqual(['One.', 'Two.']);
    expect(await said(Buffer.from('\uFEFFZwei.', 'utf16le'), 'text')).toEqual(['Zwei.']);
    expect((await read('# Title\n\nText.', 'markdown')).chapters).toEqual([{ title: 'Title', utterance: 0 }]);
    await expect(read(Buffer.from([0xc3, 0x28]), 'text')).rejects.toThrow('no text in UTF-8');
  });

  it('are captions without their times', async () => {
    const srt =
      '1\r\n00:00:01,000 --> 00:00:02,000\r\n<i>It goes</i>\r\n\r\n2\r\n00:00:02,000 --> 00:00:03,000\r\non &amp; on.\r\n\r\n3\r\n00:00:04,000 --> 00:00:05,000\r\nEnd';
    expect(await said(srt, 'srt')).toEqual(['It goes on and on.', 'End']);
    const vtt = 'WEBVTT\n\nNOTE no\n00:01.000 --> 00:02.000\n\nid\n00:01.000 --> 00:02.000 align:start\n<v Ann>Hello.';
    expect(await said(vtt, 'vtt')).toEqual(['Hello.']);
  });

  it('are documents of Word, with chapters and tables', async () => {
    const row = `<w:tbl><w:tr><w:tc>${paragraph('a')}</w:tc><w:tc>${paragraph('b')}</w:tc></w:tr></w:tbl>`;
    const deleted =
      '<w:p><w:del><w:r><w:delText>gone</w:delText></w:r></w:del><w:r><w:t>kept &amp; 5</w:t><w:tab/><w:t>kg</w:t></w:r></w:p>';
    const script = await read(docx(paragraph('Title', '<w:pStyle w:val="Heading1"/>') + deleted + row), 'docx');
    expect(script.utterances.map((one) => one.spoken)).toEqual(['Title', 'kept and five kilograms', 'a, b']);
    expect(script.chapters).toEqual([{ title: 'Title', utterance: 0 }]);
  });

  it('are books, in the order of their spine', async () => {
    const book = epub({
      b: '<h1>Two&nbsp;1</h1><p>Text<br/>goes <em>on</em>.</p><script>no</script>',
      a: '<ul><li>x</li><li>y</li></ul>',
    });
    expect(await said(book, 'epub')).toEqual(['Two one', 'Text goes on.', 'x', 'y']);
  });

  it.each<[string, Uint8Array, TextFormat, string]>([
    ['no archive', Buffer.from('hello'), 'docx', 'not in its format'],
    ['an archive of something else', zipped({ a: 'b' }), 'docx', 'lacks a part'],
    ['broken XML', docx('<w:p>'), 'docx', 'broken XML'],
    ['too well packed', docx(' '.repeat(5_000_000)), 'docx', 'packed too well'],
    [
      'entities',
      zipped({ 'word/document.xml': '<!DOCTYPE d [<!ENTITY a "b">]><d>&a;</d>' }),
      'docx',
      'declares entities',
    ],
    ['nesting', docx('<w:p>'.repeat(1000)), 'docx', 'nested too deep'],
    ['nothing to say', docx(paragraph(' ')), 'docx', 'nothing to say'],
    ['a book of nothing', epub({}, { container: '<container/>' }), 'epub', 'does not say'],
    [
      'too many parts',
      zipped(Object.fromEntries(Array.from({ length: 5001 }, (_, index) => [`f${index}`, '']))),
      'docx',
      'too many parts',
    ],
    ['macros', zipped({ 'word/document.xml': '<d/>', 'word/vbaProject.bin': 'x' }), 'docx', 'has macros'],
    ['more than may be', docx(paragraph('word '.repeat(201))), 'docx', 'more than 1000 characters'],
    [
      'as much in pages',
      epub({ a: `<p>${'word '.repeat(150)}</p>`, b: `<p>${'word '.repeat(150)}</p>` }),
      'epub',
      '1000',
    ],
    ['as much as text', Buffer.from('word '.repeat(201)), 'text', 'more than 1000 characters'],
  ])('refuse %s', async (_, bytes, format, why) => {
    await expect(read(bytes, format)).rejects.toThrow(SottoError);
    await expect(read(bytes, format)).rejects.toThrow(why);
  });

  it('are refused where copy protection hides a page, and not where it hides a font', async () => {
    const hidden = (path: string) => ({
      'META-INF/encryption.xml': `<encryption><EncryptedData><CipherReference URI="${path}"/></EncryptedData></encryption>`,
    });
    await expect(read(epub({ a: '<p>x</p>' }, { more: hidden('OPS/a.xhtml') }), 'epub')).rejects.toThrow(
      'is encrypted',
    );
    expect(await said(epub({ a: '<p>x</p>' }, { more: hidden('OPS/font.otf') }), 'epub')).toEqual(['x']);
  });

  it('are refused where a password hides them', async () => {
    const bytes = Buffer.from(docx(paragraph('Secret.')));
    // The flag of each entry, in its own header and in the directory.
    bytes.writeUInt16LE(1, bytes.indexOf('PK\u0003\u0004') + 6);
    bytes.writeUInt16LE(1, bytes.indexOf('PK\u0001\u0002') + 8);
    await expect(read(bytes, 'docx')).rejects.toThrow('is encrypted');
  });

  it('never leave the archive', async () => {
    const container = '<container><rootfile full-path="../../etc/passwd"/></container>';
    await expect(read(epub({ a: 'x' }, { container }), 'epub')).rejects.toThrow(SottoError);
  });

  it('are refused in words where they are damaged, in any way', async () => {
    const files = [docx(paragraph('Some text.')), epub({ a: '<p>Some text.</p>' })];
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(0, 1), fc.nat(), fc.integer({ min: 0, max: 255 }), async (which, at, byte) => {
        const bytes = Buffer.from(files[which] ?? []);
        bytes[at % bytes.length] = byte;
        const outcome = await read(bytes, which === 0 ? 'docx' : 'epub').catch((error: unknown) => error);
        expect(outcome instanceof SottoError || !(outcome instanceof Error)).toBe(true);
      }),
    );
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 200 }), fc.constantFrom(...TEXT_FORMATS), async (bytes, format) => {
        const outcome = await read(bytes, format).catch((error: unknown) => error);
        expect(outcome instanceof SottoError || !(outcome instanceof Error)).toBe(true);
      }),
    );
  });
});
