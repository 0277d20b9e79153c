import type { WireSpokenWord } from '@sotto/client';

/** A stretch of a text: a word, or what stands between words. */
export interface TextPart {
  text: string;
  /** Where it begins in the text. */
  at: number;
  /** Of the words; null: it is none. */
  word: number | null;
}

/** Which word is heard so many seconds after the beginning of its piece; -1: none. The silence behind it belongs to it. */
export function wordAt(words: readonly WireSpokenWord[] | undefined, seconds: number): number {
  return words?.findLastIndex(({ start }) => start <= seconds) ?? -1;
}

/** A text, divided at its words. Joined they are the text; a word that is not in it has no part. */
export function partsOf(text: string, words: readonly WireSpokenWord[]): TextPart[] {
  const parts: TextPart[] = [];
  let at = 0;
  const add = (end: number, word: number | null) => {
    if (end > at) parts.push({ text: text.slice(at, end), at, word });
    at = end;
  };
  for (const [index, { word }] of words.entries()) {
    const from = text.indexOf(word, at);
    if (from < 0) continue;
    add(from, null);
    add(from + word.length, index);
  }
  add(text.length, null);
  return parts;
}
