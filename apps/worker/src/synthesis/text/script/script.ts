import type { Warning } from '@sotto/contracts';
import type { Alignment } from '../said/said-text.ts';

/** How one stretch of text is to be spoken; null and 1: as the whole request is. */
export interface Manner {
  /** BCP 47. */
  language: string | null;
  voice: string | null;
  /** Times the speed of the request. */
  speed: number;
}

/** What is said in one breath: a sentence, a heading, a line, or as much of it as is said in the same manner. */
export interface Utterance extends Manner {
  /** As it was written. */
  shown: string;
  /** What the engine is given: numbers, dates, abbreviations and the like in words. Never without a letter or digit. */
  spoken: string;
  /** Where the two differ, in order. */
  alignment: readonly Alignment[];
  /** Silence after it. */
  pauseMs: number;
}

export interface Chapter {
  title: string;
  /** The number of its first utterance. */
  utterance: number;
}

/** A text as it will be spoken, in order. */
export interface Script {
  utterances: Utterance[];
  chapters: Chapter[];
  warnings: Warning[];
  /** Unicode code points of all that is read, as it was written, without markup. */
  characters: number;
}
