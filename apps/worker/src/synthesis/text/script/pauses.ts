/** Silence between what is said, in milliseconds. Engines' own edges are trimmed, so nothing comes on top. */
export const PAUSES = {
  /** After a piece that ends between two words, where no mark allowed a better cut. */
  word: 60,
  clause: 120,
  sentence: 300,
  paragraph: 600,
  beforeHeading: 1000,
} as const;

const CLAUSE_END = /[,;:،؛，、；：–—-]["'”’»)\]]*$/;

const SENTENCE_END = /[.!?…。！？؟।]["'”’»)\]]*$/;

/** Between two stretches of one line. */
export const pauseWithin = (text: string): number =>
  SENTENCE_END.test(text.slice(-8)) ? PAUSES.sentence : pauseAfter(text, PAUSES.word);

/** After text that something else than its end follows: a line, or a piece of a sentence. */
export const pauseAfter = (text: string, otherwise: number): number =>
  CLAUSE_END.test(text.slice(-8)) ? PAUSES.clause : otherwise;
