import { SottoError, type TextFormat } from '@sotto/contracts';
import { extensionOf } from '../uploads/file-name.ts';

/** What the first bytes of a file tell of it. */
export type DocumentContent = 'epub' | 'archive' | 'captions' | 'webvtt' | 'ssml' | 'text';

const BY_EXTENSION: Readonly<Record<string, TextFormat>> = {
  txt: 'text',
  text: 'text',
  md: 'markdown',
  markdown: 'markdown',
  ssml: 'ssml',
  srt: 'srt',
  vtt: 'vtt',
  docx: 'docx',
  epub: 'epub',
};
/** Documents of Word that may have macros. */
const WITH_MACROS = ['docm', 'dotm'];

const BY_CONTENT: Readonly<Record<DocumentContent, TextFormat>> = {
  epub: 'epub',
  archive: 'docx',
  captions: 'srt',
  webvtt: 'vtt',
  ssml: 'ssml',
  text: 'text',
};

const ARCHIVE = Buffer.from('PK\u0003\u0004', 'latin1');
/** The first file of a book (EPUB Open Container Format, 4.3), whose name begins at byte 30. */
const EPUB = Buffer.from('mimetypeapplication/epub+zip');
const EPUB_AT = 30;
/** Compound files: Word before 2007, and documents with a password. */
const COMPOUND = Buffer.from('d0cf11e0a1b11ae1', 'hex');
const CAPTIONS = /^\d{1,9}\s*\n\d{1,3}:\d\d:\d\d[,.]\d{1,3} ?-->/;

/**
 * What the beginning of a file is.
 *
 * @throws SottoError `invalid_document` for what is no document that can be read
 */
export function documentContentOf(head: Buffer): DocumentContent {
  if (startsWith(head, ARCHIVE)) return startsWith(head.subarray(EPUB_AT), EPUB) ? 'epub' : 'archive';
  if (startsWith(head, COMPOUND))
    throw notUsable('has a password, or is of Word before 2007. Save it as docx, without one.');
  if (startsWith(head, Buffer.from('%PDF-'))) throw notUsable('is a PDF, which has no order to read its text in.');
  const text = textOf(head);
  if (text === null) throw notUsable('is no text, and none of: docx, epub.');
  if (/^WEBVTT(\s|$)/.test(text)) return 'webvtt';
  if (CAPTIONS.test(text)) return 'captions';
  return /^(<\?xml[^>]*>\s*)?<speak[\s>]/.test(text) ? 'ssml' : 'text';
}

/**
 * How a document is read: as its sender says, or its name tells, or its content.
 *
 * @throws SottoError `invalid_document` where it is something else
 */
export function documentFormatOf(
  asked: TextFormat | undefined,
  fileName: string,
  content: DocumentContent,
): TextFormat {
  const extension = extensionOf(fileName) ?? '';
  if (WITH_MACROS.includes(extension)) throw notUsable('may have macros. Save it as docx.');
  const format = asked ?? BY_EXTENSION[extension] ?? BY_CONTENT[content];
  const isArchive = content === 'archive' || content === 'epub';
  const isRight = format === 'docx' ? content === 'archive' : format === 'epub' ? isArchive : !isArchive;
  if (!isRight) throw notUsable(`is not ${format}: its content is something else.`);
  return format;
}

const startsWith = (bytes: Buffer, signature: Buffer): boolean => bytes.subarray(0, signature.length).equals(signature);

/** null: it is no text in UTF-8, or in UTF-16 that says so. What is cut at the end is no matter. */
function textOf(head: Buffer): string | null {
  const mark = head.subarray(0, 2).toString('hex');
  if (mark === 'fffe' || mark === 'feff')
    return new TextDecoder(mark === 'fffe' ? 'utf-16le' : 'utf-16be').decode(head);
  const text = new TextDecoder().decode(head, { stream: true });
  return /[\0\ufffd]/.test(text) ? null : text.replaceAll('\r\n', '\n').trimStart();
}

const notUsable = (what: string): SottoError => new SottoError('invalid_document', `The file ${what}`);
