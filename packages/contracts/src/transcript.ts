import { z } from 'zod';
import { MAX_CHANNELS } from './speakers.ts';

/** Whole milliseconds from the start of the recording. */
const ms = z.int().min(0);

/** A stretch of the recording, in whole milliseconds; 16 samples each. */
export const spanSchema = z.object({ startMs: ms, endMs: ms });
export type Span = z.infer<typeof spanSchema>;

/** What the engine gets at once: spans of the recording, joined end to end, at most 29 s in all. */
export const windowSchema = z.object({
  index: z.int().min(0),
  spans: z.array(spanSchema).min(1),
  /** From 0, where channels are transcribed by themselves; absent: the recording is one. */
  channel: z
    .int()
    .min(0)
    .max(MAX_CHANNELS - 1)
    .optional(),
  /** Silenced: all there is of it is the echo of another channel. Absent: nothing is. */
  muted: z.array(spanSchema).optional(),
});
export type Window = z.infer<typeof windowSchema>;

/** `word` carries its leading space as Whisper wrote it: joined words equal the segment's text. */
export const wordSchema = z.object({
  word: z.string(),
  startMs: ms,
  endMs: ms,
  /** Geometric mean of its tokens' probabilities, 0-1. */
  confidence: z.number().min(0).max(1),
  /** Absent: not asked for, or nobody is heard near it. */
  speaker: z.int().min(0).optional(),
});
export type Word = z.infer<typeof wordSchema>;

/**
 * Why a segment's text may not have been said; docs/transcripts.md says when each is set. `not_transcribed` marks a gap: a
 * dropped segment without text, where a window could not be transcribed.
 */
export const SEGMENT_FLAGS = [
  'low_confidence',
  'repetitive',
  'repeated_line',
  'sound_description',
  'no_speech',
  'outside_speech',
  'not_transcribed',
] as const;
export type SegmentFlag = (typeof SEGMENT_FLAGS)[number];

export const segmentSchema = z.object({
  id: z.int().min(0),
  startMs: ms,
  endMs: ms,
  text: z.string(),
  /** Absent: that of the transcript. */
  language: z.string().optional(),
  /** Who says it; absent: not asked for, or nobody is heard near it. */
  speaker: z.int().min(0).optional(),
  /** Mean of exp(log-probability) over its tokens, 0-1. */
  confidence: z.number().min(0).max(1),
  avgLogprob: z.number(),
  noSpeechProb: z.number(),
  /** UTF-8 bytes of the text over its zlib size; above 2.4 the text repeats itself. */
  compressionRatio: z.number(),
  temperature: z.number(),
  tokens: z.array(z.int()),
  words: z.array(wordSchema),
  flags: z.array(z.enum(SEGMENT_FLAGS)),
});
export type Segment = z.infer<typeof segmentSchema>;

export const likelyLanguageSchema = z.object({ language: z.string(), probability: z.number().min(0).max(1) });
export type LikelyLanguage = z.infer<typeof likelyLanguageSchema>;

/** One window's checkpoint: segments already in the time of the RECORDING (mapped span by span), ids from 0. */
export const windowResultSchema = z.object({
  index: z.int().min(0),
  language: z.string(),
  languageProbability: z.number().nullable(),
  /** The next likely language, where the language was detected. */
  runnerUp: likelyLanguageSchema.optional(),
  segments: z.array(segmentSchema),
  /** Left out by the hallucination filter, for what the window alone shows. */
  dropped: z.array(segmentSchema).default([]),
  /** Wall time of the engine. */
  engineMs: z.number(),
});
export type WindowResult = z.infer<typeof windowResultSchema>;

/** What completed with less than asked for: shown with the result, never a failure. */
export const warningSchema = z.object({ code: z.string(), detail: z.string() });
export type Warning = z.infer<typeof warningSchema>;

/** Somebody who speaks in a recording. */
export const speakerSchema = z.object({
  /** null: nobody said it. */
  name: z.string().nullable(),
  /** From 0: whose channel it is; absent: speakers were told apart by their voices. */
  channel: z.int().min(0).optional(),
  /** Of speech, also where others speak too. */
  ms,
  words: z.int().min(0),
});
export type Speaker = z.infer<typeof speakerSchema>;

/** Somebody speaks; several may at once. Speakers are numbered by first appearance. */
export const speakerTurnSchema = spanSchema.extend({ speaker: z.int().min(0) });
export type SpeakerTurn = z.infer<typeof speakerTurnSchema>;

/** The canonical transcript, stored once; every format is rendered from it. */
export const transcriptSchema = z.object({
  text: z.string(),
  /** null when there was no speech. */
  language: z.string().nullable(),
  languageProbability: z.number().nullable(),
  durationMs: ms,
  segments: z.array(segmentSchema),
  /** Left out of `text`, of `segments` and so of every format, each with the flags that speak against it. */
  dropped: z.array(segmentSchema).default([]),
  model: z.string(),
  task: z.enum(['transcribe', 'translate']),
  /** Wall time from taking the job to storing the transcript. */
  processingMs: ms,
  warnings: z.array(warningSchema),
  /**
   * By their numbers. Stored where each channel is a speaker; where speakers are told apart by their voices, they are kept
   * beside the transcript and added when it is read.
   */
  speakers: z.array(speakerSchema).optional(),
  turns: z.array(speakerTurnSchema).optional(),
});
export type Transcript = z.infer<typeof transcriptSchema>;
