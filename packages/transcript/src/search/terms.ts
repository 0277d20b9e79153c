import { oneLine } from '../one-line.ts';
import { isWrittenUnspaced } from '../scripts.ts';
import { fold } from './fold.ts';

/** Letters and digits with their marks; a point or comma inside a number is of it. */
const TERM = /\p{N}+(?:[.,]\p{N}+)+|[\p{L}\p{N}\p{M}]+/gu;
const UNSPACED = String.raw`\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\u30FC\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}`;
/** A character or mark of a script that writes no blanks, or a run of others. */
const UNITS = new RegExp(`[${UNSPACED}]|[^${UNSPACED}]+`, 'gu');

/**
 * What a text is compared by: its folded words, without punctuation; in scripts that write no blanks its characters, so
 * that any part of a text can be found. An apostrophe divides nothing: `don’t`, `don't` and `dont` are one. Control
 * characters do not divide either: nobody sees them.
 */
export function terms(text: string): string[] {
  const words = fold(oneLine(text).replace(/(?<=\p{L})['’ʼ`](?=\p{L})/gu, '')).match(TERM) ?? [];
  return words.flatMap((word) => (isWrittenUnspaced(word) ? (word.match(UNITS) ?? []) : [word]));
}
