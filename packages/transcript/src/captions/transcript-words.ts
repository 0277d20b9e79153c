import type { Segment, Transcript, Word } from '@sotto/contracts';
import { touches } from '../join-texts.ts';
import { saidBy } from '../speakers/said-by.ts';
import { spread } from '../word-times.ts';

/** All words of a transcript. Joined they are its text. */
export function transcriptWords({ segments }: Pick<Transcript, 'segments'>): Word[] {
  return wordsBySegment(segments).flat();
}

/** As transcriptWords, in one list per segment: a segment that does not begin with the blank it needs is given it. */
export function wordsBySegment(segments: readonly Segment[]): Word[][] {
  let before = '';
  return segments.map((segment) => {
    const words = wordsOf(segment);
    const [first, ...rest] = words;
    if (first === undefined) return words;
    const isTouching = touches(before, first.word);
    before = words.at(-1)?.word ?? before;
    return isTouching ? [{ ...first, word: ` ${first.word}` }, ...rest] : words;
  });
}

/** A segment without words gives those of its text, spread over its time. */
export function wordsOf({ words, text, startMs, endMs, confidence, speaker }: Omit<Segment, 'id'>): Word[] {
  if (words.length > 0) return words;
  const texts = text.match(/\s*\S+/gu) ?? [];
  const untimed = texts.map((word) => ({ word, startMs: 0, endMs: 0, confidence, ...saidBy(speaker) }));
  return spread(untimed, startMs, endMs);
}
