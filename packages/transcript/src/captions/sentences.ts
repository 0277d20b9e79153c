import type { Word } from '@sotto/contracts';
import { oneLine } from '../one-line.ts';
import { changesSpeaker } from '../speakers/said-by.ts';

/** A silence after which words belong to different sentences. */
const PAUSE_MS = 1000;

/** Words that end with a full stop and no sentence; lower case, without the stop. */
const ABBREVIATIONS = new Set(
  'mr mrs ms dr prof st jr sr vs etc no vol fig approx e.g i.e z.b d.h bzw usw ca nr sra srta ud uds m mme mlle'.split(
    ' ',
  ),
);

/** Unicode's terminals of sentences, of all scripts, and what may close behind them. German closes with `“` and `«`. */
const SENTENCE_END = /(?:\p{Sentence_Terminal}|…)[\p{Pe}\p{Pf}"'“«]*$/u;

/** Words by sentence; a long pause ends one too, and so does another speaker. */
export function sentences(words: readonly Word[]): Word[][] {
  const found: Word[][] = [];
  let current: Word[] = [];
  for (const [index, word] of words.entries()) {
    current.push(word);
    const next = words[index + 1];
    const goesOn = next !== undefined && !endsSentence(word.word) && next.startMs - word.endMs < PAUSE_MS;
    if (goesOn && !changesSpeaker(current, [next])) continue;
    found.push(current);
    current = [];
  }
  return found;
}

export function endsSentence(word: string): boolean {
  const text = word.trim();
  if (!SENTENCE_END.test(text)) return false;
  const stem = text.replace(/\.$/, '').toLowerCase();
  // `Mr.`, `J.` and `U.S.` go on; `1.` may be a list's number.
  const isAbbreviation = ABBREVIATIONS.has(stem) || /^\p{L}(?:\.\p{L})*$/u.test(stem) || /^\d+$/.test(stem);
  return !(text.endsWith('.') && isAbbreviation);
}

/** A silence after which another paragraph begins. */
const PARAGRAPH_PAUSE_MS = 2000;
/** A paragraph of so many characters ends at the first short rest, one of twice as many with its sentence. */
const LONG_CHARACTERS = 400;
const REST_MS = 400;

/** Sentences by paragraph: another speaker or a long pause begins another, and so does a rest where it has become long. */
export function paragraphs(words: readonly Word[]): Word[][][] {
  const found: Word[][][] = [];
  let characters = 0;
  for (const sentence of sentences(words)) {
    const current = found.at(-1);
    const pauseMs = (sentence[0]?.startMs ?? 0) - (current?.at(-1)?.at(-1)?.endMs ?? 0);
    const isOther = changesSpeaker(current?.flat() ?? [], sentence);
    if (current === undefined || isOther || pauseMs >= endingPauseMs(characters)) {
      found.push([sentence]);
      characters = 0;
    } else {
      current.push(sentence);
    }
    characters += sentence.reduce((sum, { word }) => sum + word.length, 0);
  }
  return found;
}

/** The pause that ends a paragraph of that length. */
function endingPauseMs(characters: number): number {
  if (characters >= 2 * LONG_CHARACTERS) return 0;
  return characters >= LONG_CHARACTERS ? REST_MS : PARAGRAPH_PAUSE_MS;
}

/** What the words say, on one line. */
export function textOf(words: readonly Word[]): string {
  return oneLine(words.map(({ word }) => word).join('')).trim();
}
