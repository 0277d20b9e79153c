import { z } from 'zod';

/**
 * How captions are cut and timed: srt, vtt and ass. Other formats have no cues, and these options no effect on them.
 */
export const captionOptionsSchema = z.object({
  /** Columns of a line; East Asian wide characters take two. A single word may be wider: words are never broken. */
  maxLineWidth: z.int().min(10).max(1000),
  maxLineCount: z.int().min(1).max(10),
  /** A shorter cue stays longer where the next one leaves room, and short sentences share one. */
  minCueMs: z.int().min(0).max(10_000),
  /** A longer sentence is divided even if it has room; a single longer word leaves the screen before it ends. */
  maxCueMs: z.int().min(500).max(60_000),
  /** Nothing is shown for so long before the next cue. */
  minGapMs: z.int().min(0).max(1000),
  /** A cue stays until it can have been read, where the next one leaves room; null: that is not looked at. */
  maxCharactersPerSecond: z.number().min(1).max(200).nullable(),
  /** vtt: a time before each word; ass: karaoke. SubRip cannot say it. */
  highlightWords: z.boolean(),
});
export type CaptionOptions = z.infer<typeof captionOptionsSchema>;

/** What subtitle guides agree on (two lines of 42, one to seven seconds). */
export const DEFAULT_CAPTION_OPTIONS: CaptionOptions = {
  maxLineWidth: 42,
  maxLineCount: 2,
  minCueMs: 1_000,
  maxCueMs: 7_000,
  minGapMs: 0,
  maxCharactersPerSecond: null,
  highlightWords: false,
};

/** What a request says of its captions; the rest is as usual. */
export const captionChoiceSchema = captionOptionsSchema.partial();
export type CaptionChoice = z.infer<typeof captionChoiceSchema>;

/** Later choices win. */
export function captionOptions(...choices: readonly (CaptionChoice | undefined)[]): CaptionOptions {
  return Object.assign({}, DEFAULT_CAPTION_OPTIONS, ...choices);
}

/** What cannot be fulfilled, in the words of the form; null: nothing. */
export function captionProblem({ minCueMs, maxCueMs }: CaptionOptions): string | null {
  if (minCueMs <= maxCueMs) return null;
  return `min_cue_duration: ${minCueMs / 1000} s is more than max_cue_duration, ${maxCueMs / 1000} s`;
}
