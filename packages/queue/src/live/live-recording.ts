import { deliveryOptionsSchema, LANES, runOptionsSchema } from '@sotto/contracts';
import { z } from 'zod';

/**
 * What becomes of what is said in a live session: a job, under the id of the session, as it was asked for when the session
 * began. Until then it is a resumable upload of that id, of 16 kHz mono s16 samples.
 */
export const liveRecordingSchema = z.object({
  /** Strict: a build that does not know all of them leaves the session to newer ones. */
  options: runOptionsSchema.strict(),
  delivery: deliveryOptionsSchema,
  lane: z.enum(LANES),
  modelDigest: z.string().nullable(),
  fileName: z.string(),
  /** Whose library it is kept in. */
  account: z.string(),
  /** The session ends when so much of it is stored. */
  maxMs: z.int(),
  /** It ends when its key holds more on disk, where the key has no limit of its own; null: no limit. */
  maxHeldBytes: z.int().nullable(),
  /** So long it is kept while nobody goes on with it. */
  keepMs: z.int(),
});
export type LiveRecording = z.infer<typeof liveRecordingSchema>;
