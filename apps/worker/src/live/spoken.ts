import type { Word } from '@sotto/contracts';

/** What is said: without case, and without marks that nobody pronounces, which passes set differently. */
export function spoken({ word }: Word): string {
  const text = word.normalize('NFC').toLowerCase();
  const bare = text.replace(/[^\p{L}\p{N}\p{M}]/gu, '');
  return bare === '' ? text.trim() : bare;
}

const SENTENCE_END = /[.!?。！？]["'”’»)]*$/u;

export const isSentenceEnd = (text: string): boolean => SENTENCE_END.test(text);

export const textOf = (words: readonly Word[]): string => words.map(({ word }) => word).join('');
