import { describe, expect, it } from '@jest/globals';
import { anyString } from '@sotto/testkit/any-string';
import fc from 'fast-check';
import { strFromU8, unzipSync } from 'fflate';
import mammoth from 'mammoth';
import { SaxesParser } from 'saxes';
import { anyTranscript } from '../../test/arbitraries.ts';
import { goldenTranscript } from '../../test/golden-transcript.ts';
import { documentOf } from './document.ts';
import { renderTranscript } from './index.ts';

const docxOf = (...[transcript, title]: Parameters<typeof documentOf>) =>
  renderTranscript(transcript, 'docx', { granularity: 'segment', ...(title !== undefined && { title }) }).body;

describe('docx', () => {
  it('is the same bytes for the same transcript', () => {
    expect(docxOf(goldenTranscript, 'a.mp3')).toEqual(docxOf(goldenTranscript, 'a.mp3'));
  });

  it('is a package whose parts are well-formed and name each other', () => {
    const files = unzipSync(docxOf(goldenTranscript, 'a.mp3'));
    expect(Object.keys(files).sort()).toEqual([
      '[Content_Types].xml',
      '_rels/.rels',
      'word/_rels/document.xml.rels',
      'word/document.xml',
      'word/styles.xml',
    ]);
    for (const bytes of Object.values(files)) new SaxesParser({ xmlns: true }).write(strFromU8(bytes)).close();
    const styles = [...strFromU8(files['word/styles.xml'] ?? new Uint8Array()).matchAll(/w:styleId="(\w+)"/g)];
    const used = [...strFromU8(files['word/document.xml'] ?? new Uint8Array()).matchAll(/w:[pr]Style w:val="(\w+)"/g)];
    for (const [, id] of used) expect(styles.map((match) => match[1])).toContain(id);
  });

  it('has a title and paragraphs for an independent reader', async () => {
    const buffer = Buffer.from(docxOf(goldenTranscript, 'R&D <1>.mp3'));
    const { value, messages } = await mammoth.convertToHtml(
      { buffer },
      { styleMap: ["p[style-name='Title'] => h1:fresh"] },
    );
    expect(messages.filter(({ type }) => type === 'error')).toEqual([]);
    expect(value).toMatch(/^<h1>R&amp;D &lt;1&gt;\.mp3<\/h1><p>English · 01:00:05 · base<\/p><p>00:00:00 And so, my/);
    expect(value.match(/<p>/g)).toHaveLength(1 + documentOf(goldenTranscript, undefined).paragraphs.length);
  });

  it('reads back, for any transcript and title', async () => {
    await fc.assert(
      fc.asyncProperty(anyTranscript, anyString(), async (transcript, title) => {
        const { value } = await mammoth.extractRawText({ buffer: Buffer.from(docxOf(transcript, title)) });
        const document = documentOf(transcript, title);
        const expected = [
          ...(document.title === null ? [] : [document.title]),
          document.facts.join(' · '),
          ...document.paragraphs.map(({ time, text }) => `${time} ${text}`),
        ];
        const readable = expected.map((text) => text.replace(/[\p{Cs}\uFFFE\uFFFF]/gu, '\uFFFD'));
        expect(value).toBe(`${readable.join('\n\n')}\n\n`);
      }),
      { numRuns: 100 },
    );
  });
});
