import { spanSchema, warningSchema, windowSchema } from '@sotto/contracts';
import { z } from 'zod';

/**
 * Checkpoint of preparing: where the decoded audio is and how it is divided. Stored once per run, first writer wins.
 */
export const planSchema = z.object({
  audioKey: z.string(),
  /** The model of all its windows: a request's `null` is resolved once, so that they agree. */
  model: z.string().optional(),
  durationMs: z.int().min(0),
  /** Audio inside windows. */
  speechMs: z.int().min(0),
  windows: z.array(windowSchema),
  /** Where speech was detected, without padding; absent: detection was off. */
  speech: z.array(spanSchema).optional(),
  warnings: z.array(warningSchema),
});
export type Plan = z.infer<typeof planSchema>;
