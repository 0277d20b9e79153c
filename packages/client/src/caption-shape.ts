import type { captionFields } from '#wire';

/** How the captions of srt, vtt and ass are cut and timed. What is left out has the service's default. */
export interface CaptionShape {
  /** In columns; East Asian wide characters take two. Default: 42. */
  maxLineWidth?: number;
  /** Lines of a caption. Default: 2. */
  maxLineCount?: number;
  /** Seconds a caption stays at least, where the next one leaves room. Default: 1. */
  minCueDuration?: number;
  /** Seconds a caption stays at most. Default: 7. */
  maxCueDuration?: number;
  /** Seconds between two captions in which none is shown. Default: 0. */
  minCueGap?: number;
  /** Reading speed: a caption stays longer where the next one leaves room. Default: no limit. */
  maxCharsPerSecond?: number;
  /** vtt: a time before each word; ass: karaoke. */
  highlightWords?: boolean;
}

const NAMES = {
  maxLineWidth: 'max_line_width',
  maxLineCount: 'max_line_count',
  minCueDuration: 'min_cue_duration',
  maxCueDuration: 'max_cue_duration',
  minCueGap: 'min_cue_gap',
  maxCharsPerSecond: 'max_chars_per_second',
  highlightWords: 'highlight_words',
} as const satisfies Record<keyof CaptionShape, keyof typeof captionFields>;

export function captionQuery(shape: CaptionShape): Record<string, string> {
  const given = Object.entries(NAMES).flatMap(([name, field]) => {
    const value = shape[name as keyof CaptionShape];
    return value === undefined ? [] : [[field, String(value)]];
  });
  return Object.fromEntries(given);
}
