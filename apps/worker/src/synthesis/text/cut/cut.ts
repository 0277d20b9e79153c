import type { Alignment, SaidText } from '../said/said-text.ts';
import { segmenter } from '../said/segmenters.ts';
import type { PieceRoom } from './room.ts';

const CLAUSE_ENDS = /[,;:،؛](?=\s)|\s[–—-](?=\s)|[，、；：]/g;
const WORD_STARTS = /\s(?=[^\s\p{M}\p{Cf}])/gu;
/** A clause of a word or two is no piece. */
const SHORTEST_CLAUSE = 12;
/** How far past its limit a piece may go to end with a clause. */
const STRETCH = 1.6;

/**
 * Where the piece that starts at `start` ends: with the text if that fits, else with a clause, else between two words, else
 * between two characters as people see them. Reads no further than the longest piece.
 *
 * @returns offset into `spoken`, past `start`
 */
export function cutBefore(text: SaidText, start: number, room: PieceRoom, budgetSeconds: number): number {
  const limit = Math.min(room.most, Math.max(room.first, Math.floor(budgetSeconds * room.charactersPerSecond)));
  const ahead = text.spoken.slice(start, start + room.most + 1);
  if (start + limit >= text.spoken.length) return text.spoken.length;
  return start + (clauseEnd(ahead, limit, room.most) ?? wordEnd(text, start, ahead, limit) ?? brokenWord(ahead, room));
}

function clauseEnd(ahead: string, limit: number, most: number): number | undefined {
  const ends = Array.from(ahead.matchAll(CLAUSE_ENDS), (match) => match.index + match[0].length);
  if (ahead.length <= most) ends.push(ahead.length);
  const clauses = ends.filter((end) => end >= SHORTEST_CLAUSE && end <= Math.min(most, limit * STRETCH));
  return clauses.findLast((end) => end <= limit) ?? clauses[0];
}

/** Preferably not within what is one word in writing, such as a number. */
function wordEnd(text: SaidText, start: number, ahead: string, limit: number): number | undefined {
  const spaces = Array.from(ahead.matchAll(WORD_STARTS), (match) => match.index + 1);
  const near = spaces.filter((end) => end > limit / 3 && end <= limit);
  const best = near.findLast((end) => !isWithinChange(text.alignment, start + end)) ?? near.at(-1);
  return best ?? unspacedWordEnd(ahead, limit) ?? spaces.find((end) => end > 1);
}

/** Where words are written without spaces between them; never before a mark. */
function unspacedWordEnd(ahead: string, limit: number): number | undefined {
  const words = segmenter(null, 'word').segment(ahead);
  let word = words.containing(limit);
  while (word && word.index > 0 && !word.isWordLike) word = words.containing(word.index - 1);
  return word === undefined || word.index <= 1 ? undefined : word.index;
}

function isWithinChange(alignment: readonly Alignment[], offset: number): boolean {
  let [low, high] = [0, alignment.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((alignment[middle]?.spokenEnd ?? 0) <= offset) low = middle + 1;
    else high = middle;
  }
  return (alignment[low]?.spokenStart ?? offset) < offset;
}

/** Of a word that is longer than any piece. */
function brokenWord(ahead: string, { most }: PieceRoom): number {
  if (ahead.length <= most) return ahead.length;
  const end = segmenter(null, 'grapheme').segment(ahead).containing(most)?.index ?? 0;
  if (end > 0) return end;
  const isInPair = /[\uD800-\uDBFF]/.test(ahead.charAt(most - 1)) && /[\uDC00-\uDFFF]/.test(ahead.charAt(most));
  return isInPair ? most - 1 : most;
}
