import { z } from 'zod';
import { jobErrorSchema } from './errors.ts';
import { CONTAINER_NAMES } from './media.ts';
import { deliveryOptionsSchema, LANES, runOptionsSchema } from './options.ts';
import { STAGES, STATUSES } from './status.ts';
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
 * One transcription being made. Several requests may be attached to it.
 * processing (queued -> preparing -> transcribing -> assembling) -> completed | failed | cancelled; nothing leaves an end.
 */
export const runSchema = z.object({
  id: z.uuid(),
  status: z.enum(STATUSES),
  stage: z.enum(STAGES),
  /** 0-100; 100 only when completed. */
  progress: z.number().min(0).max(100),
  upload: uploadSchema,
  options: runOptionsSchema,
  lane: z.enum(LANES),
  /** Key that pays for it; null when keys are off. */
  keyId: z.string().nullable(),
  createdAtMs: z.int(),
  startedAtMs: z.int().nullable(),
  endedAtMs: z.int().nullable(),
  /** Known after decoding. */
  durationMs: z.int().nullable(),
  windowsTotal: z.int().nullable(),
  windowsDone: z.int(),
  error: jobErrorSchema.nullable(),
  warnings: z.array(warningSchema),
});
export type Run = z.infer<typeof runSchema>;

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
