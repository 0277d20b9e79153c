import type { captionFields } from '#wire';

/** How srt, vtt and ass are cut and timed; docs/formats.md says what each is, and its default. */
export interface CaptionShape {
  /** Columns. */
  maxLineWidth?: number;
  maxLineCount?: number;
  /** Seconds. */
  minCueDuration?: number;
  maxCueDuration?: number;
  minCueGap?: number;
  maxCharsPerSecond?: number;
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
