import { z } from 'zod';
import { jobErrorSchema } from './errors.ts';

/** One recording of a batch: a request of its own, or why it was refused. */
export const batchItemSchema = z.object({
  fileName: z.string(),
  /** Where it was fetched from; absent: it was sent. */
  url: z.string().optional(),
  requestId: z.uuid().nullable(),
  error: jobErrorSchema.nullable(),
});
export type BatchItem = z.infer<typeof batchItemSchema>;
