import type { Transcript, Word } from '@sotto/contracts';
import { textOf } from '../captions/sentences.ts';
import { wordsBySegment } from '../captions/transcript-words.ts';
import { terms } from './terms.ts';

export interface SearchOptions {
  /** Matches that are given, from the beginning of the recording; all are counted. */
  limit: number;
  /** Words before and after a match. */
  contextWords: number;
}

export interface Match {
  startMs: number;
  endMs: number;
  /** As it stands in the transcript, with its punctuation. */
  text: string;
  before: string;
  after: string;
  /** Of the segment it begins in. */
  segmentId: number;
}

export interface Found {
  /** Also those beyond the limit. */
  total: number;
  matches: Match[];
}

interface PlacedWord extends Word {
  segmentId: number;
}

/** Whether a query contains anything to search for. */
export const hasTerms = (query: string): boolean => terms(query).length > 0;

/**
 * Where the words of a query are said, in that order and next to each other, also over the end of a segment. Case,
 * diacritics and punctuation do not count. Matches do not overlap. A query without terms has no matches.
 */
export function searchTranscript({ segments }: Transcript, query: string, options: SearchOptions): Found {
  const wanted = terms(query);
  if (wanted.length === 0) return { total: 0, matches: [] };
  const words = wordsBySegment(segments).flatMap((list, index): PlacedWord[] =>
    list.map((word) => ({ ...word, segmentId: segments[index]?.id ?? index })),
  );
  const said = words.flatMap(({ word }, at) => terms(word).map((term) => ({ term, at })));
  const spans = occurrences(
    said.map(({ term }) => term),
    wanted,
  ).map((first) => ({ from: said[first]?.at ?? 0, to: said[first + wanted.length - 1]?.at ?? 0 }));
  const matches = spans.slice(0, options.limit).map(({ from, to }) => matchOf(words, from, to, options.contextWords));
  return { total: spans.length, matches };
}

/** Where `wanted` stands in `said`, from left to right without overlap. */
function occurrences(said: readonly string[], wanted: readonly string[]): number[] {
  const found: number[] = [];
  for (let at = 0; at + wanted.length <= said.length; at += 1) {
    if (!wanted.every((term, offset) => said[at + offset] === term)) continue;
    found.push(at);
    at += wanted.length - 1;
  }
  return found;
}

function matchOf(words: readonly PlacedWord[], from: number, to: number, contextWords: number): Match {
  const matched = words.slice(from, to + 1);
  return {
    startMs: matched[0]?.startMs ?? 0,
    endMs: matched.at(-1)?.endMs ?? 0,
    text: textOf(matched),
    before: textOf(words.slice(Math.max(0, from - contextWords), from)),
    after: textOf(words.slice(to + 1, to + 1 + contextWords)),
    segmentId: matched[0]?.segmentId ?? 0,
  };
}
