import * as z from 'zod';
import { LANES, WAIT_CAUSES } from './status.ts';
import { wireQuotaSchema } from './usage.ts';
import { wireJobListSchema, wireStatusSchema, wireWebhookSchema } from './wire.ts';

/** A job of anybody, as operators see it. */
export const wireAdminJobSchema = wireStatusSchema
  .omit({ result: true, found_language: true })
  .extend({
    key_id: z.string().nullable().meta({ description: 'Whose it is; null: it was sent without a key.' }),
    lane: z.enum(LANES),
    bytes: z.int().meta({ description: 'Of the recording.' }),
  })
  .meta({ id: 'AdminJob' });
export type WireAdminJob = z.infer<typeof wireAdminJobSchema>;

/** `GET /admin/jobs`. */
export const wireAdminJobListSchema = wireJobListSchema
  .extend({ jobs: z.array(wireAdminJobSchema) })
  .meta({ id: 'AdminJobList' });
export type WireAdminJobList = z.infer<typeof wireAdminJobListSchema>;

/** The webhook of a job of anybody. */
export const wireAdminWebhookSchema = wireWebhookSchema
  .extend({ key_id: z.string().nullable(), file_name: z.string(), created_at: z.iso.datetime() })
  .meta({ id: 'AdminWebhook' });
export type WireAdminWebhook = z.infer<typeof wireAdminWebhookSchema>;

/** `GET /admin/webhooks`. */
export const wireAdminWebhookListSchema = z
  .object({ webhooks: z.array(wireAdminWebhookSchema), next_cursor: z.string().nullable() })
  .meta({ id: 'AdminWebhookList' });
export type WireAdminWebhookList = z.infer<typeof wireAdminWebhookListSchema>;

const lane = z.object({
  jobs: z.int().meta({ description: 'Recordings accepted and not finished.' }),
  audio_seconds: z.number(),
  oldest_waiting_seconds: z.number().meta({ description: 'Of the one that has waited longest for its first turn.' }),
});

/** `GET /admin/overview`: the whole service at one moment. */
export const wireOverviewSchema = z
  .object({
    workers: z.int(),
    workers_ready: z.int(),
    slots: z.int(),
    slots_busy: z.int(),
    /** Audio seconds per wall second of all workers together; null before any has measured. */
    speed: z.number().nullable(),
    jobs: z.int().meta({ description: 'Recordings accepted and not finished.' }),
    backlog_audio_seconds: z.number(),
    backlog_seconds: z.number().meta({ description: 'What the ready workers need for it.' }),
    lanes: z.object({ interactive: lane, batch: lane }),
    queues: z.array(
      z.object({ queue: z.string(), waiting: z.int(), active: z.int(), delayed: z.int(), suspended: z.int() }),
    ),
    waiting_for: z.array(z.object({ cause: z.string().meta({ enum: [...WAIT_CAUSES] }), jobs: z.int() })),
    /** Keys that are closest to one of their limits while they have work. */
    alerts: z.array(z.object({ key_id: z.string(), limit: z.string(), used_ratio: z.number() })),
    redis: z.object({ used_bytes: z.int(), limit_bytes: z.int().nullable() }),
  })
  .meta({ id: 'Overview' });
export type WireOverview = z.infer<typeof wireOverviewSchema>;

/** `GET /admin/quotas`: of all keys that have some. */
export const wireKeyQuotasSchema = z
  .object({ quotas: z.array(wireQuotaSchema.extend({ key_id: z.string(), name: z.string() })) })
  .meta({ id: 'KeyQuotas' });
export type WireKeyQuotas = z.infer<typeof wireKeyQuotasSchema>;
