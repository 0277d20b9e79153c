import { spanSchema, warningSchema, windowSchema } from '@sotto/contracts';
import { z } from 'zod';

/** Checkpoint of `prepare`: where the decoded audio is and how it is cut. Stored once per run, first writer wins. */
export const planSchema = z.object({
  audioKey: z.string(),
  /** The model its windows are made with: a request's `null` is resolved once, so that all windows agree. */
  model: z.string().optional(),
  durationMs: z.int().min(0),
  /** Audio inside windows. */
  speechMs: z.int().min(0),
  windows: z.array(windowSchema),
  /** Where speech was heard, without room around it; absent: nothing looked for it. */
  speech: z.array(spanSchema).optional(),
  warnings: z.array(warningSchema),
});
export type Plan = z.infer<typeof planSchema>;
