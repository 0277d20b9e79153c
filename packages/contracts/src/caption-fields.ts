import { z } from 'zod';
import { type CaptionChoice, captionOptionsSchema, DEFAULT_CAPTION_OPTIONS } from './captions.ts';
import { flagField, number, optional } from './form-fields.ts';

const { maxLineWidth, maxLineCount, minCueMs, maxCueMs, minGapMs, maxCharactersPerSecond } = captionOptionsSchema.shape;
const usual = DEFAULT_CAPTION_OPTIONS;

/** In seconds, between bounds that are kept in milliseconds. */
const seconds = ({ minValue, maxValue }: z.ZodInt) =>
  optional(
    number.pipe(
      z
        .number()
        .min((minValue ?? 0) / 1000)
        .max((maxValue ?? 0) / 1000),
    ),
  );

/** Shape of srt, vtt and ass; `max_line_width`, `max_line_count` and `highlight_words` are openai/whisper's names. */
export const captionFields = {
  max_line_width: optional(number.pipe(maxLineWidth)).meta({
    description:
      'Width of a caption line in columns, 10 to 1000; East Asian wide characters take two. Words are never broken.',
    default: String(usual.maxLineWidth),
  }),
  max_line_count: optional(number.pipe(maxLineCount)).meta({
    description: 'Maximum number of lines per caption, 1 to 10.',
    default: String(usual.maxLineCount),
  }),
  min_cue_duration: seconds(minCueMs).meta({
    description: 'Minimum seconds a caption stays on screen, if the next one leaves room; 0 to 10.',
    default: String(usual.minCueMs / 1000),
  }),
  max_cue_duration: seconds(maxCueMs).meta({
    description: 'Maximum seconds a caption stays on screen, 0.5 to 60.',
    default: String(usual.maxCueMs / 1000),
  }),
  min_cue_gap: seconds(minGapMs).meta({
    description: 'Minimum gap between captions in seconds, 0 to 1.',
    default: String(usual.minGapMs / 1000),
  }),
  max_chars_per_second: optional(number.pipe(maxCharactersPerSecond.unwrap())).meta({
    description: 'Maximum reading speed, 1 to 200: captions stay longer, if the next one leaves room. Empty: no limit.',
  }),
  highlight_words: flagField('false', 'true: vtt has a timestamp before each word, ass uses karaoke effects.'),
};

type CaptionForm = { [Name in keyof typeof captionFields]?: z.output<(typeof captionFields)[Name]> };

/** The one place where form names become CaptionOptions. */
export function captionChoiceOf(form: CaptionForm): CaptionChoice {
  const choice = {
    maxLineWidth: form.max_line_width,
    maxLineCount: form.max_line_count,
    minCueMs: milliseconds(form.min_cue_duration),
    maxCueMs: milliseconds(form.max_cue_duration),
    minGapMs: milliseconds(form.min_cue_gap),
    maxCharactersPerSecond: form.max_chars_per_second,
    highlightWords: form.highlight_words,
  };
  return Object.fromEntries(Object.entries(choice).filter(([, value]) => value !== undefined));
}

const milliseconds = (value: number | undefined) => (value === undefined ? undefined : Math.round(value * 1000));
