import type { Word } from '@sotto/contracts';
import { endsWithIdeograph, isSpoken, isUnspaced, pieces, startsWithIdeograph } from './scripts.ts';
import { type TimedToken, textUnits } from './token-text.ts';
import { type Bounds, settleTimes } from './word-times.ts';

/** A word and the tokens that begin in it. */
export interface TokenWord extends Word {
  tokens: TimedToken[];
}

/** A part of a text unit that cannot be split between words. */
interface Piece {
  text: string;
  /** All tokens of its unit: their probabilities speak for it. */
  tokens: TimedToken[];
  isFirstOfUnit: boolean;
  startMs: number;
  endMs: number;
}

/**
 * Words of one segment, in window time. Words begin at blanks; an ideograph is a word of its own; in Thai, Lao, Burmese
 * and Khmer every token is. Punctuation goes with its word and adds nothing to its times and confidence (as in OpenAI's
 * `merge_punctuations`). Joined words equal the text of the tokens.
 *
 * @param bounds of the segment: what is not aligned is spread over it.
 */
export function buildWords(tokens: readonly TimedToken[], language: string | null, bounds?: Bounds): Word[] {
  return buildTokenWords(tokens, language, bounds).map(({ tokens: _, ...word }) => word);
}

export function buildTokenWords(tokens: readonly TimedToken[], language: string | null, bounds?: Bounds): TokenWord[] {
  const groups: Piece[][] = [];
  for (const piece of textUnits(tokens).flatMap(unitPieces)) {
    const current = groups.at(-1);
    if (current === undefined || beginsWord(current, piece, isUnspaced(language))) groups.push([piece]);
    else current.push(piece);
  }
  return settleTimes(mergePunctuation(groups).map(wordOf), bounds);
}

/** A unit's pieces share its time in proportion to their length. */
function unitPieces({ text, tokens }: { text: string; tokens: TimedToken[] }): Piece[] {
  const aligned = tokens.filter((token) => token.startMs >= 0 && token.endMs >= token.startMs);
  const startMs = Math.min(...aligned.map((token) => token.startMs));
  const endMs = Math.max(...aligned.map((token) => token.endMs));
  const at = (position: number) =>
    aligned.length === 0 ? Number.NaN : startMs + ((endMs - startMs) * position) / text.trimStart().length;
  // Leading blanks are not spoken: the time is that of what follows them.
  let position = text.trimStart().length - text.length;
  return pieces(text).map((piece, index) => {
    const from = Math.max(0, position);
    position += piece.length;
    const to = Math.max(0, position);
    return { text: piece, tokens, isFirstOfUnit: index === 0, startMs: at(from), endMs: at(to) };
  });
}

const DASH_OR_ELLIPSIS_END = /(?:[—–…]|\.\.\.|--)$/u;
const OPENING = /^\s*[\p{Ps}\p{Pi}¿¡"'-]+$/u;

function beginsWord(current: Piece[], piece: Piece, isUnspacedLanguage: boolean): boolean {
  const before = current.map(({ text }) => text).join('');
  if (/^\s/u.test(piece.text)) return before.trim() !== '';
  // A mark belongs to the letter before it; after a blank, or an opening bracket, every piece continues the word.
  if (/^[\p{M}\u200D]/u.test(piece.text) || before.trim() === '' || OPENING.test(before)) return false;
  if (startsWithIdeograph(piece.text)) return true;
  if (!isSpoken(piece.text)) return OPENING.test(piece.text) && endsWithIdeograph(before);
  return (
    endsWithIdeograph(before) ||
    DASH_OR_ELLIPSIS_END.test(before) ||
    (isUnspacedLanguage && piece.isFirstOfUnit && !/[\p{L}\p{N}]$/u.test(latinEnd(before))) ||
    /[。、！？，」』）]$/u.test(before)
  );
}

/** Latin letters and digits inside an unspaced text still form words of several tokens. */
function latinEnd(text: string): string {
  return /[\p{Script=Latin}\p{Nd}]+$/u.exec(text)?.[0] ?? '';
}

/** Groups that nobody pronounces join the next one (an opening bracket, a dialogue dash) or the one before. */
function mergePunctuation(groups: Piece[][]): Piece[][] {
  const merged: Piece[][] = [];
  let opening: Piece[] = [];
  for (const group of groups) {
    const text = group.map((piece) => piece.text).join('');
    const before = merged.at(-1);
    if (isSpoken(text)) {
      merged.push([...opening, ...group]);
      opening = [];
    } else if (before === undefined || opening.length > 0 || OPENING.test(text)) {
      opening.push(...group);
    } else {
      before.push(...group);
    }
  }
  const last = merged.at(-1);
  if (last === undefined) return opening.length > 0 ? [opening] : [];
  last.push(...opening);
  return merged;
}

function wordOf(group: Piece[]): TokenWord {
  const spoken = group.filter((piece) => isSpoken(piece.text));
  const timed = spoken.length > 0 ? spoken : group;
  return {
    word: group.map((piece) => piece.text).join(''),
    startMs: timed.find((piece) => !Number.isNaN(piece.startMs))?.startMs ?? Number.NaN,
    endMs: timed.findLast((piece) => !Number.isNaN(piece.endMs))?.endMs ?? Number.NaN,
    confidence: geometricMean([...new Set(timed.flatMap((piece) => piece.tokens))]),
    tokens: group.filter((piece) => piece.isFirstOfUnit).flatMap((piece) => piece.tokens),
  };
}

function geometricMean(tokens: TimedToken[]): number {
  if (tokens.length === 0) return 0;
  const logs = tokens.map((token) => Math.log(Math.min(1, Math.max(token.probability, 1e-10))));
  return Math.min(1, Math.exp(logs.reduce((sum, log) => sum + log, 0) / logs.length));
}
