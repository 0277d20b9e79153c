import type { Pronunciation } from '@sotto/contracts';
import type { Change } from '../said/said-text.ts';
import { type PhonemeWarner, saidPhonemes } from './phonemes.ts';

const WORD_START = /(?<![\p{L}\p{N}\p{M}_])[^\s]/gu;
const IN_WORD = /[\p{L}\p{N}\p{M}_]/u;

/**
 * How a user wants words to be said. An entry in small letters means the word however it is written; one with a capital, only
 * as it stands. Where several fit, the longest does, and of these the one of the nearest language. What is said instead is read
 * by nothing again, so entries cannot loop.
 */
export class Dictionary {
  static readonly EMPTY = new Dictionary([]);

  /** Of each word, those of the narrowest language first, and the one of all languages last. */
  readonly #entries = new Map<string, Pronunciation[]>();
  /** Of words with this first letter, in small: how long they are, the longest first. */
  readonly #lengths = new Map<string, number[]>();

  constructor(pronunciations: readonly Pronunciation[]) {
    const narrowestFirst = [...pronunciations].sort((a, b) => narrowness(b) - narrowness(a));
    for (const entry of narrowestFirst) {
      this.#entries.set(entry.word, [...(this.#entries.get(entry.word) ?? []), entry]);
    }
    for (const word of this.#entries.keys()) {
      const first = word.charAt(0).toLowerCase();
      const lengths = new Set([...(this.#lengths.get(first) ?? []), word.length]);
      this.#lengths.set(
        first,
        [...lengths].sort((a, b) => b - a),
      );
    }
  }

  /**
   * @param language BCP 47, of the text
   * @param warn where phonemes are not what is spoken
   * @returns `fixed`, and what the dictionary changes between them, in order
   */
  changes(text: string, language: string, fixed: readonly Change[], warn: PhonemeWarner): Change[] {
    if (this.#entries.size === 0) return [...fixed];
    const found: Change[] = [];
    let free = 0;
    let next = 0;
    for (const { index } of text.matchAll(WORD_START)) {
      while ((fixed[next]?.end ?? text.length + 1) <= index) next += 1;
      if (index < free) continue;
      const change = this.#changeAt(text, index, fixed[next]?.start ?? text.length, { language, warn });
      if (!change) continue;
      found.push(change);
      free = change.end;
    }
    return [...fixed, ...found].sort((a, b) => a.start - b.start);
  }

  #changeAt(
    text: string,
    start: number,
    limit: number,
    { language, warn }: { language: string; warn: PhonemeWarner },
  ): Change | null {
    for (const length of this.#lengths.get(text.charAt(start).toLowerCase()) ?? []) {
      const end = start + length;
      if (end > limit || IN_WORD.test(text.charAt(end))) continue;
      const written = text.slice(start, end);
      const entry = this.#find(written, language) ?? this.#find(written.toLowerCase(), language);
      if (entry === undefined) continue;
      const spoken = entry.say ?? saidPhonemes(entry.ipa ?? '', language, warn);
      return { start, end, spoken: spoken ?? written };
    }
    return null;
  }

  #find(word: string, language: string): Pronunciation | undefined {
    return this.#entries.get(word)?.find((entry) => isFor(entry, language.toLowerCase()));
  }
}

/** `en` is for `en-GB`, too. */
const isFor = ({ language }: Pronunciation, asked: string): boolean =>
  language === undefined || asked === language || asked.startsWith(`${language}-`);

const narrowness = ({ language = '' }: Pronunciation): number => language.length;
