import {
  type ArchiveFormat,
  MARKUP_FORMATS,
  type MarkupFormat,
  type Pronunciation,
  SottoError,
  type TextFormat,
} from '@sotto/contracts';
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
import { notReadable } from './not-readable.ts';
import { openArchive } from './zip.ts';

export interface DocumentOptions extends Pick<TextOptions, 'language'> {
  /** How words are said; absent: as they are. */
  pronunciations?: readonly Pronunciation[];
  /** Longer ones are not read to their end. */
  maxCharacters: number;
}

/**
 * What is to be said of a text or a document. Of an archive only text is read: no links, no pictures.
 *
 * @throws SottoError invalid_document: it is not what it should be, or it unpacks to too much; text_too_long;
 *   invalid_parameter: nothing of it can be said
 */
export async function documentScript(
  bytes: Buffer,
  format: TextFormat,
  { language, maxCharacters, pronunciations = [] }: DocumentOptions,
): Promise<Script> {
  const mayStillHave = roomFor(maxCharacters);
  const options = { language, dictionary: new Dictionary(pronunciations) };
  if (isMarkup(format)) return scriptOf(mayStillHave(textOf(bytes)), { ...options, format });
  const blocks: Block[] = [];
  for await (const block of blocksOf(bytes, format)) {
    mayStillHave(block.text);
    blocks.push(block);
  }
  return scriptOfBlocks(blocks, options);
}

const isMarkup = (format: TextFormat): format is MarkupFormat => MARKUP_FORMATS.some((known) => known === format);

/** Counts what there is, in Unicode code points. */
function roomFor(maxCharacters: number): (text: string) => string {
  let characters = 0;
  return (text) => {
    for (const _ of text) characters += 1;
    if (characters <= maxCharacters) return text;
    throw new SottoError('text_too_long', `It has more than ${maxCharacters} characters.`, {
      fields: { max_characters: maxCharacters },
    });
  };
}

async function* blocksOf(bytes: Buffer, format: ArchiveFormat | 'srt' | 'vtt'): AsyncGenerator<Block> {
  if (format === 'srt' || format === 'vtt') {
    yield* captionBlocks(cleanText(textOf(bytes)));
    return;
  }
  const archive = await openArchive(bytes);
  yield* format === 'docx' ? docxBlocks(archive) : epubBlocks(archive);
}

/** UTF-8, or UTF-16 that says so. */
function textOf(bytes: Buffer): string {
  const encoding =
    bytes[0] === 0xff && bytes[1] === 0xfe ? 'utf-16le' : bytes[0] === 0xfe && bytes[1] === 0xff ? 'utf-16be' : 'utf-8';
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch (cause) {
    throw notReadable('is no text in UTF-8 or UTF-16', cause);
  }
}

function scriptOfBlocks(
  blocks: readonly Block[],
  { language, dictionary }: { language: string; dictionary: Dictionary },
): Script {
  const builder = new ScriptBuilder(language, dictionary);
  for (const { kind, text } of blocks) {
    const line = oneLine(cleanText(text));
    if (kind === 'chapter' && line !== '') builder.chapter(line);
    if (kind === 'heading') builder.pauseAtLeast(PAUSES.beforeHeading);
    const pauseMs = kind === 'item' ? pauseAfter(line, PAUSES.sentence) : PAUSES.paragraph;
    builder.line([{ text: line, manner: USUAL_MANNER }], pauseMs);
  }
  return builder.script();
}
