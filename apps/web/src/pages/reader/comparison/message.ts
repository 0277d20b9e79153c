import type { Counts, Row } from './compare.ts';

export interface ComparisonRequest {
  itemIds: readonly [string, string];
}

/** What is known of one side besides its text. */
export interface Facts {
  words: number;
  /** Mean of all words, 0 to 1. */
  confidence: number;
  lowWords: number;
  /** Seconds of the recording for each second of work; null: it is not known. */
  speed: number | null;
}

/** So many rows at a time, then all the rest. */
export type ComparisonMessage =
  | { type: 'rows'; rows: Row[] }
  | { type: 'end'; counts: Counts; facts: [Facts, Facts] }
  | { type: 'failed'; code: string | null; detail: string };
