import * as z from 'zod';
import { errorCodeSchema } from './errors.ts';
import { STATUSES } from './status.ts';

/**
 * accepting (being received, not visible yet) -> processing -> completed, when the last of its items has ended;
 * accepting -> dropped. `cancelled`: completed after its client cancelled it.
 */
export const BATCH_STATUSES = ['processing', 'completed', 'cancelled'] as const;
export type BatchStatus = (typeof BATCH_STATUSES)[number];

const counts = z.object({
  total: z.int(),
  queued: z.int(),
  processing: z.int(),
  completed: z.int(),
  failed: z.int(),
  cancelled: z.int(),
});
export type BatchCounts = z.infer<typeof counts>;

export const wireBatchItemSchema = z.object({
  index: z.int(),
  file_name: z.string(),
  url: z.string().optional(),
  /** `failed` without a job: it was refused. */
  job_id: z.uuid().optional(),
  status: z.enum(['queued', ...STATUSES]),
  progress: z.number().min(0).max(100),
  duration: z.number().min(0).optional(),
  result_url: z.string().optional(),
  error: errorCodeSchema.optional(),
  detail: z.string().optional(),
});

export const wireBatchSchema = z
  .object({
    batch_id: z.uuid(),
    status: z.enum(BATCH_STATUSES),
    created_at: z.iso.datetime(),
    completed_at: z.iso.datetime().optional(),
    estimated_completion: z.iso.datetime().optional(),
    counts,
    status_url: z.string(),
    /** When it has ended. */
    results_url: z.string().optional(),
    items: z.array(wireBatchItemSchema),
  })
  .meta({ id: 'Batch' });
export type WireBatch = z.infer<typeof wireBatchSchema>;

/** Body of the one webhook of a batch (Standard Webhooks). */
export const wireBatchEventSchema = z
  .object({
    type: z.literal('batch.completed'),
    timestamp: z.iso.datetime(),
    data: wireBatchSchema
      .pick({ batch_id: true, status: true, created_at: true, completed_at: true, counts: true })
      .extend({
        status_url: z.string(),
        results_url: z.string(),
      }),
  })
  .meta({ id: 'BatchEvent' });
export type WireBatchEvent = z.infer<typeof wireBatchEventSchema>;
