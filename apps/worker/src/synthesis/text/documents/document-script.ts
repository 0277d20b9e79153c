import { SottoError } from '@sotto/contracts';
import { Dictionary } from '../pronounce/dictionary.ts';
import { ScriptBuilder, USUAL_MANNER } from '../script/build.ts';
import { cleanText, oneLine } from '../script/clean.ts';
import { PAUSES, pauseAfter } from '../script/pauses.ts';
import type { Script } from '../script/script.ts';
import { scriptOf, type TextOptions } from '../script-of.ts';
import type { Block } from './blocks.ts';
import { captionBlocks } from './captions.ts';
import { docxBlocks } from './docx.ts';
import { epubBlocks } from './epub.ts';
import { openArchive } from './zip.ts';

export const DOCUMENT_FORMATS = ['txt', 'md', 'srt', 'vtt', 'docx', 'epub'] as const;
export type DocumentFormat = (typeof DOCUMENT_FORMATS)[number];

/**
 * What is to be said of a document. Of an archive only text is read: no macros, no links, no pictures.
 *
 * @throws SottoError invalid_parameter: it is not what it should be, it unpacks to too much, or nothing of it can be said
 */
export async function documentScript(
  bytes: Buffer,
  format: DocumentFormat,
  options: Omit<TextOptions, 'format'>,
): Promise<Script> {
  if (format === 'txt') return scriptOf(textOf(bytes), { ...options, format: 'text' });
  if (format === 'md') return scriptOf(textOf(bytes), { ...options, format: 'markdown' });
  return scriptOfBlocks(await blocksOf(bytes, format), options);
}

async function blocksOf(bytes: Buffer, format: Exclude<DocumentFormat, 'txt' | 'md'>): Promise<Block[]> {
  if (format === 'srt' || format === 'vtt') return captionBlocks(cleanText(textOf(bytes)));
  const archive = await openArchive(bytes);
  return format === 'docx' ? docxBlocks(archive) : epubBlocks(archive);
}

/** UTF-8, or UTF-16 that says so. */
function textOf(bytes: Buffer): string {
  const encoding =
    bytes[0] === 0xff && bytes[1] === 0xfe ? 'utf-16le' : bytes[0] === 0xfe && bytes[1] === 0xff ? 'utf-16be' : 'utf-8';
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new SottoError('invalid_parameter', 'The document is no text in UTF-8 or UTF-16.', { cause });
  }
}

function scriptOfBlocks(blocks: readonly Block[], { language, dictionary = {} }: Omit<TextOptions, 'format'>): Script {
  const builder = new ScriptBuilder(language, new Dictionary(dictionary));
  for (const { kind, text } of blocks) {
    const line = oneLine(cleanText(text));
    if (kind === 'chapter' && line !== '') builder.chapter(line);
    if (kind === 'heading') builder.pauseAtLeast(PAUSES.beforeHeading);
    const pauseMs = kind === 'item' ? pauseAfter(line, PAUSES.sentence) : PAUSES.paragraph;
    builder.line([{ text: line, manner: USUAL_MANNER }], pauseMs);
  }
  return builder.script();
}
