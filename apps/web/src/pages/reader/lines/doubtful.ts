import type { EditedSegment } from '@sotto/transcript';
import { LOW_CONFIDENCE } from './low-confidence.ts';

export interface DoubtfulWord {
  line: number;
  word: number;
}

/**
 * The next word, or the one before, that the model was less sure of.
 *
 * @param from where to begin: a word of a line, -1 before its first; null: before everything
 */
export function doubtfulWord(
  lines: readonly EditedSegment[],
  from: DoubtfulWord | null,
  by: 1 | -1,
): DoubtfulWord | null {
  const begin = from ?? { line: by > 0 ? 0 : lines.length - 1, word: by > 0 ? -1 : Infinity };
  for (let line = begin.line; line >= 0 && line < lines.length; line += by) {
    const { state, words } = lines[line] ?? { state: 'deleted', words: [] };
    const isIn = (word: number): boolean => line !== begin.line || (by > 0 ? word > begin.word : word < begin.word);
    const isDoubtful = ({ confidence }: { confidence: number }, word: number): boolean =>
      confidence < LOW_CONFIDENCE && isIn(word);
    const word = state !== 'kept' ? -1 : by > 0 ? words.findIndex(isDoubtful) : words.findLastIndex(isDoubtful);
    if (word >= 0) return { line, word };
  }
  return null;
}
