import { describe, expect, it } from '@jest/globals';
import { SottoError } from '@sotto/contracts';
import fc from 'fast-check';
import { strToU8, zipSync } from 'fflate';
import { DOCUMENT_FORMATS, type DocumentFormat, documentScript } from './document-script.ts';

const read = (bytes: Uint8Array | string, format: DocumentFormat) =>
  documentScript(Buffer.from(bytes), format, { language: 'en' });
const said = async (bytes: Uint8Array | string, format: DocumentFormat) =>
  (await read(bytes, format)).utterances.map((one) => one.spoken);

const zipped = (files: Record<string, string>) =>
  zipSync(Object.fromEntries(Object.entries(files).map(([name, text]) => [name, strToU8(text)])));

const docx = (body: string) =>
  zipped({ 'word/document.xml': `<?xml version="1.0"?><w:document><w:body>${body}</w:body></w:document>` });
const paragraph = (text: string, style = '') => `<w:p><w:pPr>${style}</w:pPr><w:r><w:t>${text}</w:t></w:r></w:p>`;

function epub(
  pages: Record<string, string>,
  container = '<container><rootfiles><rootfile full-path="OPS/book.opf"/></rootfiles></container>',
) {
  const items = Object.keys(pages).map(
    (name) => `<item id="${name}" href="${name}.xhtml" media-type="application/xhtml+xml"/>`,
  );
  const spine = Object.keys(pages).map((name) => `<itemref idref="${name}"/>`);
  const opf = `<package><manifest>${items.join('')}</manifest><spine>${spine.join('')}</spine></package>`;
  const files = Object.entries(pages).map(([name, body]) => [
    `OPS/${name}.xhtml`,
    `<!DOCTYPE html><html><head><title>no</title></head><body>${body}</body></html>`,
  ]);
  return zipped({
    mimetype: 'application/epub+zip',
    'META-INF/container.xml': container,
    'OPS/book.opf': opf,
    ...Object.fromEntries(files),
  });
}

describe('documents', () => {
  it('are read as text and Markdown, in UTF-8 or UTF-16', async () => {
    expect(await said('\uFEFFOne. Two.', 'txt')).toEqual(['One.', 'Two.']);
    expect(await said(Buffer.from('\uFEFFZwei.', 'utf16le'), 'txt')).toEqual(['Zwei.']);
    expect((await read('# Title\n\nText.', 'md')).chapters).toEqual([{ title: 'Title', utterance: 0 }]);
    await expect(read(Buffer.from([0xc3, 0x28]), 'txt')).rejects.toThrow('no text in UTF-8');
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

  it.each<[string, Uint8Array, DocumentFormat, string]>([
    ['no archive', strToU8('hello'), 'docx', 'not in its format'],
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
    ['a book of nothing', epub({}, '<container/>'), 'epub', 'does not say'],
    [
      'too many parts',
      zipped(Object.fromEntries(Array.from({ length: 5001 }, (_, index) => [`f${index}`, '']))),
      'docx',
      'too many parts',
    ],
  ])('refuse %s', async (_, bytes, format, why) => {
    await expect(read(bytes, format)).rejects.toThrow(SottoError);
    await expect(read(bytes, format)).rejects.toThrow(why);
  });

  it('never leave the archive', async () => {
    const container = '<container><rootfile full-path="../../etc/passwd"/></container>';
    await expect(read(epub({ a: 'x' }, container), 'epub')).rejects.toThrow(SottoError);
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
      fc.asyncProperty(
        fc.uint8Array({ maxLength: 200 }),
        fc.constantFrom(...DOCUMENT_FORMATS),
        async (bytes, format) => {
          const outcome = await read(bytes, format).catch((error: unknown) => error);
          expect(outcome instanceof SottoError || !(outcome instanceof Error)).toBe(true);
        },
      ),
    );
  });
});
