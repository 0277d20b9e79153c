import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { type WireSpeech, wireAcceptedSchema, wireSpeechSchema } from '@sotto/contracts';
import {
  docx as docxIn,
  docxParagraph,
  epub as epubIn,
  type Service,
  startService,
  type TextFiles,
  waitFor,
} from '@sotto/testkit';
import { strToU8, type Zippable, zipSync } from 'fflate';
import { ended, remove } from './support/jobs.ts';
import { readSoundFile } from './support/sound-file.ts';
import { secondsOf, speak } from './support/spoken.ts';

jest.setTimeout(120_000);

/** The type of a book is read where it lies: it is not packed. */
const zipped = (files: TextFiles) =>
  zipSync(
    Object.fromEntries(
      Object.entries(files).map(([name, text]): [string, Zippable[string]] => [
        name,
        [strToU8(text), { level: name === 'mimetype' ? 0 : 6 }],
      ]),
    ),
  );
const docx = (body: string, more?: TextFiles) => docxIn(zipped, body, more);

const MAX_CHARACTERS = 2_000;
const MAX_BYTES = 100_000;

let service: Service;
beforeAll(async () => {
  service = await startService({
    roles: [['prepare', 'speak']],
    apiEnv: { MAX_SPEECH_CHARACTERS: String(MAX_CHARACTERS), MAX_DOCUMENT_SIZE: String(MAX_BYTES) },
  });
});
afterAll(async () => {
  const { jobs } = (await (await fetch(`${service.url}/jobs?limit=100`)).json()) as { jobs: { job_id: string }[] };
  for (const { job_id: id } of jobs) await remove(service.url, id);
  await service?.close();
});

type Content = Uint8Array | string;

function send(content: Content | null, name: string, fields: Record<string, string> = {}): Promise<Response> {
  const form = new FormData();
  for (const [field, value] of Object.entries({ response_format: 'wav', ...fields })) form.append(field, value);
  if (content !== null) form.append('file', new Blob([content as Uint8Array<ArrayBuffer>]), name);
  return fetch(`${service.url}/speak`, { method: 'POST', body: form });
}

async function spoken(response: Response): Promise<WireSpeech> {
  expect(response.status).toBe(200);
  const seconds = await secondsOf(new Uint8Array(await response.arrayBuffer()));
  const id = response.headers.get('x-job-id') ?? '';
  const told = wireSpeechSchema.parse(await (await fetch(`${service.url}/jobs/${id}/result?format=json`)).json());
  expect(told.duration).toBeCloseTo(seconds, 1);
  return told;
}

const textOf = ({ pieces }: WireSpeech) => pieces.map(({ text }) => text).join(' ');

const BOOK = epubIn(zipped, {
  one: '<h1>The first</h1><p>It begins here, in the morning.</p>',
  two: '<h1>The second</h1><p>It ends here, in the evening.</p>',
});
const LETTER = docx(docxParagraph('A letter', '<w:pStyle w:val="Heading1"/>') + docxParagraph('Dear reader.'));
const SRT = '1\n00:00:01,000 --> 00:00:02,000\n<i>Hello</i>\n\n2\n00:00:02,000 --> 00:00:03,000\nto you.\n';

describe('POST /speak with a document', () => {
  it.each<[string, Content, string, string[]]>([
    [
      'book.epub',
      BOOK,
      'The first It begins here, in the morning. The second It ends here, in the evening.',
      ['The first', 'The second'],
    ],
    ['letter.docx', LETTER, 'A letter Dear reader.', ['A letter']],
    ['film.srt', SRT, 'Hello to you.', []],
    ['film.vtt', `WEBVTT\n\n${SRT.replaceAll(',000', '.000')}`, 'Hello to you.', []],
    ['notes.md', '# Title\n\nSome *text*.', 'Title Some text.', ['Title']],
    ['plain.txt', Buffer.from('\ufeffDas hört man.', 'utf16le'), 'Das hört man.', []],
    ['said.ssml', '<speak>Hello <break time="1s"/>you.</speak>', 'Hello you.', []],
  ])('speaks %s', async (name, content, text, chapters) => {
    const told = await spoken(await send(content, name));
    expect(textOf(told)).toBe(text);
    expect(told.chapters.map(({ title }) => title)).toEqual(chapters);
    const starts = told.chapters.map(({ start }) => start);
    expect(starts).toEqual([...starts].sort((a, b) => a - b));
  });

  it('tells by its content what a file without a name is, and by the field what it is to be', async () => {
    expect(textOf(await spoken(await send(BOOK, 'upload')))).toMatch(/^The first/);
    expect(textOf(await spoken(await send('# no heading', 'a.md', { text_format: 'text' })))).toContain('no heading');
  });

  it('takes the same fields as text, with the same meaning', async () => {
    const fields = { speed: '2', voice: 'auto', language: 'de', async: 'true', cancel_on_disconnect: 'no', cache: '' };
    const response = await send(LETTER, 'letter.docx', { ...fields, file_name: 'My letter' });
    expect(response.status).toBe(202);
    const { job_id: id } = wireAcceptedSchema.parse(await response.json());
    expect(await ended(service.url, id)).toMatchObject({ status: 'completed', file_name: 'My letter' });
    const told = (await (await fetch(`${service.url}/jobs/${id}/result?format=json`)).json()) as WireSpeech;
    expect(told.language).toBe('de');
    // A form may have a text instead of a file.
    expect(textOf(await spoken(await send(null, '', { text: 'In a form.' })))).toBe('In a form.');
  });

  it('speaks captions that come as text', async () => {
    expect(
      textOf(await spoken(await speak(service.url, { text: SRT, text_format: 'srt', response_format: 'wav' }))),
    ).toBe('Hello to you.');
    const refused = await speak(service.url, { text: 'PK', text_format: 'docx' });
    expect([refused.status, ((await refused.json()) as { detail: string }).detail]).toEqual([
      422,
      expect.stringContaining('multipart/form-data'),
    ]);
  });

  it.each(['m4b', 'mp3'])('is a book with chapters as %s', async (format) => {
    const response = await send(BOOK, 'A story.epub', { response_format: format });
    const sent = await response.arrayBuffer();
    const told = await fetch(`${service.url}/jobs/${response.headers.get('x-job-id')}/result?format=json`);
    const { chapters, duration } = wireSpeechSchema.parse(await told.json());
    const result = await fetch(`${service.url}/jobs/${response.headers.get('x-job-id')}/result`);
    // While it was spoken, only m4b could wait for its chapters.
    for (const bytes of format === 'm4b' ? [sent, await result.arrayBuffer()] : [await result.arrayBuffer()]) {
      const file = await readSoundFile(new Uint8Array(bytes));
      expect(file.seconds).toBeCloseTo(duration, 0);
      expect(file.format.tags.title).toBe('A story');
      expect(file.chapters.map(({ tags }) => tags?.title)).toEqual(['The first', 'The second']);
      for (const [index, { start }] of chapters.entries())
        expect(file.chapters[index]?.start_time).toBeCloseTo(start, 1);
    }
  });

  it('counts the characters that are in it', async () => {
    const { characters } = await spoken(await send(LETTER, 'letter.docx', { cache: 'false' }));
    expect(characters).toBe('A letterDear reader.'.length);
  });
});

const encrypted = () => {
  const bytes = Buffer.from(docx(docxParagraph('Secret.')));
  // The flag of its only entry, in its own header and in the directory.
  bytes.writeUInt16LE(1, bytes.indexOf('PK\u0003\u0004') + 6);
  bytes.writeUInt16LE(1, bytes.indexOf('PK\u0001\u0002') + 8);
  return bytes;
};
const bomb = (declaration: string) => zipped({ 'word/document.xml': `${declaration}<d>&a;</d>` });

describe('a hostile document', () => {
  /** Of what was sent: uploads, and those that are still being written. */
  const files = async () => {
    const found = await readdir(service.blobFolder, { recursive: true, withFileTypes: true });
    const places = ['uploads', 'temporary'].map((name) => join(service.blobFolder, name));
    const sent = found.filter(({ parentPath }) => places.some((place) => parentPath.startsWith(place)));
    return sent.filter((entry) => entry.isFile() && !entry.name.endsWith('.probe'));
  };

  it.each<[string, Content, string, [number, string, string]]>([
    ['a zip bomb', docx(' '.repeat(5_000_000)), 'a.docx', [422, 'invalid_document', 'packed too well']],
    ['an entity bomb', bomb('<!DOCTYPE d [<!ENTITY a "b">]>'), 'a.docx', [422, 'invalid_document', 'entities']],
    [
      'one that fetches',
      bomb('<!DOCTYPE d [<!ENTITY a SYSTEM "file:///etc/passwd">]>'),
      'a.docx',
      [422, 'invalid_document', 'entities'],
    ],
    [
      'macros',
      docx(docxParagraph('Hello.'), { 'word/vbaProject.bin': 'x' }),
      'a.docx',
      [422, 'invalid_document', 'macros'],
    ],
    ['macros by its name', LETTER, 'a.docm', [422, 'invalid_document', 'macros']],
    ['not what its name says', 'Hello.', 'a.docx', [422, 'invalid_document', 'is not docx']],
    ['an archive of something else', zipped({ a: 'b' }), 'a.docx', [422, 'invalid_document', 'lacks a part']],
    ['with a password', encrypted(), 'a.docx', [422, 'invalid_document', 'encrypted']],
    ['Word with a password', Buffer.from('d0cf11e0a1b11ae1', 'hex'), 'a.docx', [422, 'invalid_document', 'password']],
    [
      'a program',
      Buffer.from('\u007fELF\u0002\u0001\u0001\u0000\u0000', 'latin1'),
      'a.txt',
      [422, 'invalid_document', 'no text'],
    ],
    ['empty', '', 'a.txt', [400, 'empty_file', '0 bytes']],
    ['with nothing to say', docx(docxParagraph(' ')), 'a.docx', [422, 'invalid_parameter', 'nothing to say']],
    ['damaged', BOOK.slice(0, 200), 'a.epub', [422, 'invalid_document', 'damaged']],
    ['too large', 'x'.repeat(MAX_BYTES + 1), 'a.txt', [413, 'file_too_large', 'Maximum']],
    ['too long', docx(docxParagraph('word '.repeat(MAX_CHARACTERS))), 'a.docx', [413, 'text_too_long', '2000']],
    ['too long, as text', 'word '.repeat(MAX_CHARACTERS), 'a.txt', [413, 'text_too_long', '2000']],
  ])('%s is refused in words, and nothing is left of it', async (_, content, name, [status, code, why]) => {
    const response = await send(content, name);
    const { error, detail } = (await response.json()) as { error: string; detail: string };
    expect([response.status, error, detail]).toEqual([status, code, expect.stringContaining(why)]);
    await waitFor(async () => (await files()).length === 0, { what: 'its upload to go' });
  });

  it.each<[string, () => Promise<Response>, string]>([
    ['two files', () => twice(), 'too_many_files'],
    ['a file and a text', () => send(LETTER, 'a.docx', { text: 'Hello.' }), 'invalid_parameter'],
    ['neither', () => send(null, ''), 'file_missing'],
    ['a field that is none', () => send(LETTER, 'a.docx', { loud: 'yes' }), 'unknown_field'],
    ['a speed that is none', () => send(LETTER, 'a.docx', { speed: 'fast' }), 'invalid_parameter'],
    ['a voice that is none', () => send(LETTER, 'a.docx', { voice: 'nobody' }), 'invalid_parameter'],
  ])('a form with %s is refused, and nothing is left of it', async (_, request, code) => {
    const response = await request();
    expect(((await response.json()) as { error: string }).error).toBe(code);
    await waitFor(async () => (await files()).length === 0, { what: 'its upload to go' });
  });

  it('is refused when its sender stops in the middle of it', async () => {
    const leaving = new AbortController();
    const body = new ReadableStream<Uint8Array>({
      start: (controller) =>
        controller.enqueue(
          Buffer.from('--b\r\nContent-Disposition: form-data; name="file"; filename="a.txt"\r\n\r\nHello, I am not'),
        ),
    });
    const headers = { 'content-type': 'multipart/form-data; boundary=b' };
    const init = { method: 'POST', headers, body, duplex: 'half', signal: leaving.signal };
    const request = fetch(`${service.url}/speak`, init as RequestInit).catch((error: unknown) => error);
    await waitFor(async () => (await files()).length > 0, { what: 'its upload to begin' });
    leaving.abort();
    await request;
    await waitFor(async () => (await files()).length === 0, { what: 'its upload to go' });
  });
});

function twice(): Promise<Response> {
  const form = new FormData();
  for (const name of ['a.txt', 'b.txt']) form.append('file', new Blob(['Hello.']), name);
  return fetch(`${service.url}/speak`, { method: 'POST', body: form });
}
