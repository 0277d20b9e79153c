import type { Word } from '@sotto/contracts';

/** One caption: what stands on the screen from `startMs` to `endMs`. Lines hold no line breaks and are never empty. */
export interface Cue {
  startMs: number;
  endMs: number;
  /** Who says it; absent: not known. */
  speaker?: number;
  lines: string[];
  /** Of each line. */
  words: Word[][];
}
