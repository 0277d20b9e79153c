import { z } from 'zod';
import { WEBHOOK_OUTCOMES } from './webhooks.ts';

/** One attempt to deliver a webhook, as it is stored. */
export const webhookAttemptSchema = z.object({
  /** 1 at the job's end; one more with each replay. */
  delivery: z.int().min(1),
  /** From 1, in its delivery. */
  attempt: z.int().min(1),
  startedAtMs: z.int(),
  tookMs: z.int().min(0),
  outcome: z.enum(WEBHOOK_OUTCOMES),
  /** Of the answer; null: there was none. */
  status: z.int().nullable(),
  /** Why there was no answer; null: there was one. */
  error: z.string().nullable(),
});
export type WebhookAttempt = z.infer<typeof webhookAttemptSchema>;
