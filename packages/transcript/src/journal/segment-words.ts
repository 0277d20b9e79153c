import type { Word } from '@sotto/contracts';
import { saidBy } from '../speakers/said-by.ts';
import { textOfWords } from '../wording/edits.ts';
import type { EditedSegment } from './edited-segment.ts';

/** Which tokens spell the words is not known any more. */
export function withWords(segment: EditedSegment, words: readonly Word[]): EditedSegment {
  return { ...segment, text: textOfWords(words), tokens: [], words: [...words] };
}

/** Words that the speaker of a segment says. */
export function saidIn(words: readonly Word[], speaker: number | undefined): Word[] {
  return words.map(({ speaker: _, ...word }) => ({ ...word, ...saidBy(speaker) }));
}
