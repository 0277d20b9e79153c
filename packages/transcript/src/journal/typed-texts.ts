import type { Word } from '@sotto/contracts';
import { touches } from '../join-texts.ts';
import { oneLine } from '../one-line.ts';
import { isWrittenUnspaced, startsWithIdeograph } from '../scripts.ts';
import { buildWords } from '../words.ts';

/** Words that give way to typed text, and those around them in their segment. */
export interface Place {
  before: readonly Word[];
  replaced: readonly Word[];
  after: readonly Word[];
}

/** Words from one and up to another, which stays. */
export function placeIn(words: readonly Word[], from: number, to: number): Place {
  return { before: words.slice(0, from), replaced: words.slice(from, to), after: words.slice(to) };
}

/**
 * A typed text as Whisper would write its words, each with the blank before it. How it is cut is part of what is stored:
 * later operations count these words.
 */
export function typedTexts(text: string, place: Place): string[] {
  const line = oneLine(text);
  const content = line.trim();
  if (content === '') return [];
  const blank = startsBlank(line) || needsBlank(content, place) ? ' ' : '';
  const bytes = new TextEncoder().encode(blank + content);
  return buildWords([{ id: 0, bytes, probability: 1, startMs: -1, endMs: -1 }], null).map(({ word }) => word);
}

/** As what it replaces, or as what it comes before; between words, where they would run together. */
function needsBlank(content: string, { before, replaced, after }: Place): boolean {
  const last = before.at(-1);
  const model = replaced[0] ?? (last === undefined ? after[0] : undefined);
  if (model !== undefined) return startsBlank(model.word);
  return last === undefined ? !startsWithIdeograph(content) : runTogether(last.word, content);
}

/** The words after a typed text. The first is given the blank that it needs now. */
export function wordsAfter(text: string, texts: readonly string[], { replaced, after }: Place): readonly Word[] {
  const [next, ...rest] = after;
  if (next === undefined || startsBlank(next.word)) return after;
  const [first] = replaced;
  const last = texts.at(-1);
  const isAsked = /\s$/u.test(text);
  const isLeft = last === undefined && first !== undefined && startsBlank(first.word);
  const isNeeded = last !== undefined && first === undefined && runTogether(last, next.word);
  return isAsked || isLeft || isNeeded ? [{ ...next, word: ` ${next.word}` }, ...rest] : after;
}

export const startsBlank = (text: string): boolean => /^\s/u.test(text);

/** Two texts that would be read as one word. Scripts that write no blanks need none. */
export function runTogether(before: string, after: string): boolean {
  return touches(before, after) && !(isWrittenUnspaced(before) && isWrittenUnspaced(after));
}
