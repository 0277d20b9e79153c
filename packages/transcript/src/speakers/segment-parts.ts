import type { Segment, Word } from '@sotto/contracts';

/** A segment in parts, one for each group of its words: at least one. The text stays the same. */
export function segmentParts(segment: Segment, groups: readonly Word[][]): Segment[] {
  const [only, ...others] = groups;
  if (others.length === 0) return [{ ...segment, words: only ?? [] }];
  return groups.map((words, index) => ({
    ...segment,
    startMs: index === 0 ? segment.startMs : (words[0]?.startMs ?? segment.startMs),
    endMs: index === groups.length - 1 ? segment.endMs : (words.at(-1)?.endMs ?? segment.endMs),
    text: words.map(({ word }) => word).join(''),
    // Which of them belong to which words is not known here.
    tokens: index === 0 ? segment.tokens : [],
    words,
  }));
}
