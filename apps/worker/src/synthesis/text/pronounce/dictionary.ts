import { SottoError } from '@sotto/contracts';
import type { Change } from '../said/said-text.ts';
import { respelled } from './respell.ts';

/** A word or words, and how they are said: a respelling, or `/IPA/`. */
export type Pronunciations = Readonly<Record<string, string>>;

const MOST = { entries: 2000, wordLength: 100, spokenLength: 300 };

const WORD_START = /(?<![\p{L}\p{N}\p{M}_])[^\s]/gu;
const IN_WORD = /[\p{L}\p{N}\p{M}_]/u;
const IPA = /^\/(.+)\/$/;

/**
 * How a user wants words to be said. An entry in small letters means the word however it is written; one with a capital, only
 * as it stands. Where several fit, the longest does. What is said instead is read by nothing again, so entries cannot loop.
 */
export class Dictionary {
  readonly #entries: ReadonlyMap<string, string>;
  /** Of the entries, the longest first. */
  readonly #lengths: readonly number[];

  /** @throws SottoError invalid_parameter: too many entries, or one that is empty or too long */
  constructor(pronunciations: Pronunciations) {
    const entries = Object.entries(pronunciations);
    if (entries.length > MOST.entries) throw invalid(`may have ${MOST.entries} entries`);
    for (const [word, spoken] of entries) check(word, spoken);
    this.#entries = new Map(entries);
    this.#lengths = [...new Set(entries.map(([word]) => word.length))].sort((a, b) => b - a);
  }

  /** @returns `fixed`, and what the dictionary changes between them, in order */
  changes(text: string, language: string, fixed: readonly Change[]): Change[] {
    if (this.#entries.size === 0) return [...fixed];
    const found: Change[] = [];
    let free = 0;
    let next = 0;
    for (const { index } of text.matchAll(WORD_START)) {
      while ((fixed[next]?.end ?? text.length + 1) <= index) next += 1;
      if (index < free) continue;
      const change = this.#changeAt(text, index, language, fixed[next]?.start ?? text.length);
      if (!change) continue;
      found.push(change);
      free = change.end;
    }
    return [...fixed, ...found].sort((a, b) => a.start - b.start);
  }

  #changeAt(text: string, start: number, language: string, limit: number): Change | null {
    for (const length of this.#lengths) {
      const end = start + length;
      if (end > limit || IN_WORD.test(text.charAt(end))) continue;
      const written = text.slice(start, end);
      const spoken = this.#entries.get(written) ?? this.#entries.get(written.toLowerCase());
      if (spoken === undefined) continue;
      return { start, end, spoken: spokenAs(spoken, language) ?? written };
    }
    return null;
  }
}

/** null: as it is written. */
function spokenAs(spoken: string, language: string): string | null {
  const [, ipa] = IPA.exec(spoken) ?? [];
  return ipa === undefined ? spoken : respelled(ipa, language);
}

function check(word: string, spoken: string): void {
  if (word.trim() === '' || word !== word.trim()) throw invalid('has an entry without a word, or with space around it');
  if (word.length > MOST.wordLength) throw invalid(`may have words of ${MOST.wordLength} characters`);
  if (!/[\p{L}\p{N}]/u.test(spoken)) throw invalid(`says nothing for "${word}"`);
  if (spoken.length > MOST.spokenLength) throw invalid(`may say ${MOST.spokenLength} characters for a word`);
}

const invalid = (what: string): SottoError => new SottoError('invalid_parameter', `dictionary: It ${what}.`);
