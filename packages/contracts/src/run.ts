import { z } from 'zod';
import { jobErrorSchema } from './errors.ts';
import { CONTAINER_NAMES } from './media.ts';
import { deliveryOptionsSchema, languageOptionsSchema, runOptionsSchema } from './options.ts';
import { matchOptionsSchema } from './own-voices.ts';
import { resultReferenceSchema } from './result.ts';
import { speechOptionsSchema, textUploadSchema } from './speech.ts';
import { EXTRA_STATES, LANES, STATUSES, WAIT_CAUSES } from './status.ts';
import { warningSchema } from './transcript.ts';
import { voiceOptionsSchema } from './voices.ts';

/** An accepted upload: where it is stored and what it contains. */
export const uploadSchema = z.object({
  blobKey: z.string(),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  bytes: z.int().min(1),
  container: z.enum(CONTAINER_NAMES),
  /** Cleaned for display; never used as a path. */
  fileName: z.string(),
  /** The longest recording its sender may send; absent: MAX_DURATION. */
  maxDurationMs: z.int().min(1).optional(),
});
export type Upload = z.infer<typeof uploadSchema>;

/**
 * What all kinds of runs have in common. A run is a piece of work, with the requests attached to it. processing
 * (through the stages of its kind, the first of which is `queued`) -> completed | failed | cancelled, once and for all.
 */
const common = {
  id: z.uuid(),
  status: z.enum(STATUSES),
  /** A stage of its kind. */
  stage: z.string(),
  /** 0-100; 100 only when completed. */
  progress: z.number().min(0).max(100),
  lane: z.enum(LANES),
  /** The API key that it is counted for; null when keys are off. */
  keyId: z.string().nullable(),
  createdAtMs: z.int(),
  startedAtMs: z.int().nullable(),
  endedAtMs: z.int().nullable(),
  error: jobErrorSchema.nullable(),
  warnings: z.array(warningSchema),
  /** Where its result is; null: it has none yet, or a build before references stored it. */
  result: resultReferenceSchema.nullable(),
  /** The oldest protocol of a worker that may process it; see WORKER_PROTOCOL. */
  leastWorker: z.int(),
  /** It waits for something that is away, and has made no progress since then; null also where a newer build knows why. */
  waiting: z
    .object({ cause: z.enum(WAIT_CAUSES), sinceMs: z.int() })
    .nullable()
    .catch(null),
  /** State of the extras that were asked for, by kind of job. */
  extras: z.record(z.string(), z.enum(EXTRA_STATES)),
};

/** For kinds of runs that are not this package's: tests have some. */
export const commonRunFields = common;

/** Makes the transcript of a recording. */
export const transcriptionRunSchema = z.object({
  kind: z.literal('transcription'),
  ...common,
  upload: uploadSchema,
  options: runOptionsSchema,
  /** Known after decoding. */
  durationMs: z.int().nullable(),
  windowsTotal: z.int().nullable(),
  windowsDone: z.int(),
});
export type TranscriptionRun = z.infer<typeof transcriptionRunSchema>;

/** Detects the language of a recording. */
export const languageRunSchema = z.object({
  kind: z.literal('language'),
  ...common,
  upload: uploadSchema,
  options: languageOptionsSchema,
  /** Of the part that was decoded; known after decoding. */
  durationMs: z.int().nullable(),
});
export type LanguageRun = z.infer<typeof languageRunSchema>;

/** Hears the voice of the one person who speaks in a sample. */
export const voiceRunSchema = z.object({
  kind: z.literal('voice'),
  ...common,
  upload: uploadSchema,
  options: voiceOptionsSchema,
  /** Known after decoding. */
  durationMs: z.int().nullable(),
});
export type VoiceRun = z.infer<typeof voiceRunSchema>;

/** Speaks a text. */
export const speechRunSchema = z.object({
  kind: z.literal('speech'),
  ...common,
  upload: textUploadSchema,
  options: speechOptionsSchema,
  /** What it costs; known once the text has been read. */
  characters: z.int().nullable(),
  piecesTotal: z.int().nullable(),
  piecesDone: z.int(),
  /** Of what has been spoken so far, with its pauses; null: nothing has. */
  durationMs: z.int().nullable(),
});
export type SpeechRun = z.infer<typeof speechRunSchema>;

/** Makes a voice out of those of an engine that is as like a sample as they can be. */
export const matchingRunSchema = z.object({
  kind: z.literal('matching'),
  ...common,
  /** How the sample sounds, as JSON; its characters are what is spoken in the search. */
  upload: textUploadSchema,
  options: matchOptionsSchema,
  /** What it costs. */
  characters: z.int().nullable(),
  /** Of the search. */
  stepsTotal: z.int().nullable(),
  stepsDone: z.int(),
});
export type MatchingRun = z.infer<typeof matchingRunSchema>;

export const runSchema = z.discriminatedUnion('kind', [
  transcriptionRunSchema,
  languageRunSchema,
  voiceRunSchema,
  speechRunSchema,
  matchingRunSchema,
]);
export type Run = z.infer<typeof runSchema>;
export type RunKind = Run['kind'];
/** A run of that kind. */
export type RunOf<K extends RunKind> = Extract<Run, { kind: K }>;

/** What a client holds: its own id, attached to a run. */
export const jobRequestSchema = z.object({
  id: z.uuid(),
  runId: z.uuid(),
  keyId: z.string().nullable(),
  createdAtMs: z.int(),
  delivery: deliveryOptionsSchema,
  fileName: z.string(),
});
export type JobRequest = z.infer<typeof jobRequestSchema>;
