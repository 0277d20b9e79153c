import { z } from 'zod';
import { jobErrorSchema } from './errors.ts';
import { CONTAINER_NAMES } from './media.ts';
import { deliveryOptionsSchema, LANES, languageOptionsSchema, runOptionsSchema } from './options.ts';
import { extraStateSchema, resultReferenceSchema } from './result.ts';
import { STATUSES } from './status.ts';
import { warningSchema } from './transcript.ts';

/** An accepted upload: where its bytes are and what they turned out to be. */
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
 * What is common to every kind of run: a piece of work, with the requests attached to it.
 * processing (through the stages of its kind, the first of which is `queued`) -> completed | failed | cancelled; nothing
 * leaves an end.
 */
const common = {
  id: z.uuid(),
  status: z.enum(STATUSES),
  /** One of its kind's stages. */
  stage: z.string(),
  /** 0-100; 100 only when completed. */
  progress: z.number().min(0).max(100),
  lane: z.enum(LANES),
  /** Key that pays for it; null when keys are off. */
  keyId: z.string().nullable(),
  createdAtMs: z.int(),
  startedAtMs: z.int().nullable(),
  endedAtMs: z.int().nullable(),
  error: jobErrorSchema.nullable(),
  warnings: z.array(warningSchema),
  /** Where its result is; null: it has none yet, or it was stored by a build before references. */
  result: resultReferenceSchema.nullable(),
  /** The least protocol of a worker that may take it; see WORKER_PROTOCOL. */
  leastWorker: z.int(),
  /** How its extras stand, by kind of job; those that were asked for. */
  extras: z.record(z.string(), extraStateSchema),
};

/** For kinds of runs that are not this package's: tests have some. */
export const commonRunFields = common;

/** One transcript being made. */
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

/** One recording whose language is being found. */
export const languageRunSchema = z.object({
  kind: z.literal('language'),
  ...common,
  upload: uploadSchema,
  options: languageOptionsSchema,
  /** Of what was looked at; known after decoding. */
  durationMs: z.int().nullable(),
});
export type LanguageRun = z.infer<typeof languageRunSchema>;

export const runSchema = z.discriminatedUnion('kind', [transcriptionRunSchema, languageRunSchema]);
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
