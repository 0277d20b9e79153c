import type { LiveEvent } from '@sotto/client';
import { joinTexts } from '@sotto/transcript';

type Told = Extract<LiveEvent, { type: 'partial' | 'final' }>;

/** A word with the seconds of the session in which it is said. */
export interface LiveWord {
  word: string;
  start: number;
  end: number;
  confidence: number;
}

/** What somebody said in one go, as far as it is certain. Grows at its end until the next one begins. */
export interface LiveLine {
  /** From 0. */
  index: number;
  /** Which utterance of which service session. */
  utterance: string;
  text: string;
  words: readonly LiveWord[];
  language: string | null;
}

/** So much text of one utterance, and a sentence that ends there, is a line: some people never pause. */
const LINE_CHARACTERS = 220;
const SENTENCE_END = /[.?!…。？！]["'”’»)\]]?$/u;

/**
 * @param utterance by what others are told apart
 * @param offsetSeconds of the session that its times count from
 * @returns the line that it begins or lengthens; null: nothing was understood
 */
export function lineWith(
  lines: readonly LiveLine[],
  told: Told,
  utterance: string,
  offsetSeconds: number,
): LiveLine | null {
  const { text, words } = told;
  const language = told.type === 'final' ? told.language : null;
  if (text === '') return null;
  const last = lines.at(-1);
  const added = words.map(({ word, start, end, confidence }) => {
    return { word, start: start + offsetSeconds, end: end + offsetSeconds, confidence };
  });
  if (last === undefined || last.utterance !== utterance || isFull(last.text)) {
    return { index: lines.length, utterance, text, words: added, language };
  }
  return { ...last, text: joinTexts([last.text, text]), words: [...last.words, ...added], language };
}

const isFull = (text: string): boolean => text.length > LINE_CHARACTERS && SENTENCE_END.test(text);

/** Seconds from the beginning of the session. */
export const startOf = ({ words }: LiveLine): number => words[0]?.start ?? 0;
