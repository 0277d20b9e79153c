import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { MULTILINGUAL_VOCAB } from '../tensors.ts';
import { refused } from './refusal.ts';

const piecesSchema = z.record(z.string(), z.int());
const tokenizerSchema = z.object({
  model: z.object({ vocab: piecesSchema }),
  added_tokens: z.array(z.object({ id: z.int(), content: z.string() })).default([]),
});

/** Text tokens of the English-only and of the multilingual vocabulary; whisper.cpp names the special ones after them itself. */
const ENGLISH_TEXT_TOKENS = 50_256;
const MULTILINGUAL_TEXT_TOKENS = 50_257;

/** Text tokens and tokens added to them, by id. */
interface Pieces {
  text: Map<number, string>;
  added: Map<number, string>;
}

/**
 * The bytes of every text token, in order of their ids: from `tokenizer.json`, else `vocab.json` with
 * `added_tokens.json` (both Hugging Face's), else the vocabulary that CTranslate2 writes.
 */
export async function readVocabulary(folder: string, vocab: number): Promise<Buffer[]> {
  const found =
    (await fromTokenizer(folder)) ??
    (await fromVocab(folder)) ??
    (await fromVocabularyJson(folder)) ??
    (await fromVocabularyText(folder));
  if (!found) throw refused('it has no tokenizer.json, vocab.json, vocabulary.json or vocabulary.txt');
  const pieces = found.text;
  const multilingual = vocab >= MULTILINGUAL_VOCAB;
  const tokens = multilingual ? MULTILINGUAL_TEXT_TOKENS : ENGLISH_TEXT_TOKENS;
  refuseAdded(found.added, tokens, vocab);
  return Array.from({ length: tokens }, (_, id) => {
    const piece = pieces.get(id);
    // The multilingual vocabulary ends with the empty text, which some tokenizers leave out.
    if (piece === undefined && multilingual && id === tokens - 1) return Buffer.alloc(0);
    if (piece === undefined) throw refused(`its tokenizer has no token ${id}`);
    return spelledBytes(piece, id);
  });
}

/** whisper.cpp names the special tokens itself, by their number: words of a model's own among them would be lost. */
function refuseAdded(added: Map<number, string>, textTokens: number, vocab: number): void {
  for (const [id, content] of added) {
    if (id < textTokens) continue;
    if (id >= vocab || !/^<\|.*\|>$/.test(content)) {
      throw refused(
        `its tokenizer has the added token ${JSON.stringify(content)} (${id}), for which whisper.cpp has no place`,
      );
    }
  }
}

const byId = (pieces: Record<string, number>): Map<number, string> =>
  new Map(Object.entries(pieces).map(([piece, id]) => [id, piece]));

async function fromTokenizer(folder: string): Promise<Pieces | null> {
  const text = await readOptional(join(folder, 'tokenizer.json'));
  if (text === null) return null;
  const { model, added_tokens: added } = parse('tokenizer.json', text, tokenizerSchema);
  return { text: byId(model.vocab), added: new Map(added.map(({ id, content }) => [id, content])) };
}

async function fromVocab(folder: string): Promise<Pieces | null> {
  const text = await readOptional(join(folder, 'vocab.json'));
  if (text === null) return null;
  const added = (await readOptional(join(folder, 'added_tokens.json'))) ?? '{}';
  return {
    text: byId(parse('vocab.json', text, piecesSchema)),
    added: byId(parse('added_tokens.json', added, piecesSchema)),
  };
}

async function fromVocabularyJson(folder: string): Promise<Pieces | null> {
  const text = await readOptional(join(folder, 'vocabulary.json'));
  return text === null ? null : listed(parse('vocabulary.json', text, z.array(z.string())));
}

async function fromVocabularyText(folder: string): Promise<Pieces | null> {
  const text = await readOptional(join(folder, 'vocabulary.txt'));
  return text === null ? null : listed(text.split('\n'));
}

const listed = (pieces: string[]): Pieces => ({ text: new Map(pieces.entries()), added: new Map() });

function parse<T>(file: string, text: string, schema: z.ZodType<T>): T {
  try {
    return schema.parse(JSON.parse(text));
  } catch (error) {
    throw refused(`its ${file} cannot be read`, error);
  }
}

async function readOptional(path: string): Promise<string | null> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

const BYTE_OF = gpt2Bytes();

function spelledBytes(piece: string, id: number): Buffer {
  const bytes = Array.from(piece, (character) => {
    const byte = BYTE_OF.get(character);
    if (byte === undefined) throw refused(`its token ${id} is not in GPT-2's spelling`);
    return byte;
  });
  return Buffer.from(bytes);
}

/** GPT-2 spells each byte as a printable character: itself where it is one, else the next free one from U+0100 on. */
function gpt2Bytes(): Map<string, number> {
  const printable = (byte: number) => (byte > 32 && byte < 127) || (byte > 160 && byte < 173) || byte > 173;
  const map = new Map<string, number>();
  let next = 256;
  for (let byte = 0; byte < 256; byte++) map.set(String.fromCharCode(printable(byte) ? byte : next++), byte);
  return map;
}
