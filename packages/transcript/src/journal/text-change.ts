import type { ReplaceText, Word } from '@sotto/contracts';
import { wordsOf } from '../captions/transcript-words.ts';
import { oneLine } from '../one-line.ts';
import { textOfWords } from '../wording/edits.ts';
import type { EditedSegment } from './edited-segment.ts';
import { placeIn, startsBlank, typedTexts, wordsAfter } from './typed-texts.ts';

/** Words of a segment, from one and up to another, which stays. */
interface Range {
  from: number;
  to: number;
}

/**
 * The operation that gives a segment another text, as somebody has typed it, and touches few words.
 *
 * @returns null: it is the same text. Line breaks, and blanks at its ends, do not count.
 */
export function textChange(segment: EditedSegment, text: string): ReplaceText | null {
  const words = wordsOf(segment);
  const old = textOfWords(words);
  const line = oneLine(text).trim();
  if (line === oneLine(old).trim()) return null;
  const wanted = startsBlank(old) ? ` ${line}` : line;
  const edges = edgesOf(words);
  /** What the words of a range have to become, if those around it stay. */
  const typedFor = ({ from, to }: Range) => wanted.slice(edges[from], wanted.length - old.length + (edges[to] ?? 0));
  const isRight = (range: Range) => textWith(words, range, typedFor(range)).trim() === line;
  const all = { from: 0, to: words.length };
  const { from, to } = ranges(differingWords(old, wanted, edges), all).find(isRight) ?? all;
  return { type: 'replace_text', segment: segment.id, from_word: from, to_word: to, text: typedFor({ from, to }) };
}

/** Where each word begins in the text, and where the last one ends. */
function edgesOf(words: readonly Word[]): number[] {
  const edges = [0];
  for (const { word } of words) edges.push((edges.at(-1) ?? 0) + word.length);
  return edges;
}

/** The words in which two texts differ: none, where something is put between two. */
function differingWords(old: string, wanted: string, edges: readonly number[]): Range {
  const shorter = Math.min(old.length, wanted.length);
  let start = 0;
  while (start < shorter && old[start] === wanted[start]) start += 1;
  const from = edges.findLastIndex((edge) => edge <= start);
  const most = shorter - (edges[from] ?? 0);
  let same = 0;
  while (same < most && old.at(-1 - same) === wanted.at(-1 - same)) same += 1;
  return { from, to: edges.findIndex((edge) => edge >= old.length - same) };
}

/** The range and wider ones: a word that grows is one that changes, not one that another is put beside. */
function ranges({ from, to }: Range, all: Range): Range[] {
  const [left, right] = [Math.max(all.from, from - 1), Math.min(all.to, to + 1)];
  return [
    { from, to },
    { from: left, to },
    { from, to: right },
    { from: left, to: right },
  ];
}

function textWith(words: readonly Word[], { from, to }: Range, typed: string): string {
  const place = placeIn(words, from, to);
  const texts = typedTexts(typed, place);
  return textOfWords(place.before) + texts.join('') + textOfWords(wordsAfter(typed, texts, place));
}
