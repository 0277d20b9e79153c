import * as z from 'zod';
import { errorCodeSchema } from './errors.ts';
import { EXTRA_STATES, STAGES, STATUSES, WAIT_CAUSES, WORK_KINDS } from './status.ts';
import { WEBHOOK_OUTCOMES } from './webhooks.ts';
import { wireSpokenWordSchema } from './wire-speech.ts';
import { wireTranscriptSchema, wireWarningSchema } from './wire-transcript.ts';

/**
 * Answers of the HTTP API, as clients see them: snake_case, times in seconds, dates in ISO 8601. The only place where
 * these names are written; packages/transcript and apps/api map to them.
 */
const seconds = z.number().min(0);
/** A client takes one that it does not know for one more: kinds of work to come have stages of their own. */
const stage = z.string().meta({ enum: [...STAGES] });

/** What a job that finds the language of a recording found. */
export const wireLanguageSchema = z
  .object({
    /** null: nobody speaks. */
    language: z.string().nullable(),
    language_probability: z.number().nullable(),
    /** Of what was listened to. */
    duration: seconds,
    model: z.string(),
    processing_time: seconds,
    warnings: z.array(wireWarningSchema),
  })
  .meta({ id: 'FoundLanguage' });
export type WireLanguage = z.infer<typeof wireLanguageSchema>;

export const wireAcceptedSchema = z
  .object({
    job_id: z.uuid(),
    status: z.literal('processing'),
    message: z.string(),
    status_url: z.string(),
    /** Set when the work was long for a sync request. */
    hint: z.string().optional(),
  })
  .meta({ id: 'Accepted' });

export const wireStatusSchema = z
  .object({
    job_id: z.uuid(),
    /** Absent: an older service answers. */
    kind: z
      .string()
      .meta({ enum: [...WORK_KINDS] })
      .optional(),
    status: z.enum(STATUSES),
    stage: stage.optional(),
    progress: z.number().min(0).max(100),
    queue_position: z.int().optional(),
    /** The job waits for something of the service that is away, and goes on when it is back. */
    waiting_for: z
      .string()
      .meta({ enum: [...WAIT_CAUSES] })
      .optional(),
    file_name: z.string(),
    duration: seconds.optional(),
    created_at: z.iso.datetime(),
    started_at: z.iso.datetime().optional(),
    estimated_completion: z.iso.datetime().optional(),
    completed_at: z.iso.datetime().optional(),
    failed_at: z.iso.datetime().optional(),
    cancelled_at: z.iso.datetime().optional(),
    result: wireTranscriptSchema.optional(),
    /** Of a job that finds the language of a recording, in place of `result`. */
    found_language: wireLanguageSchema.optional(),
    result_url: z.string().optional(),
    /** Whether speakers have been told apart; absent: that was not asked for. */
    speakers: z.enum(EXTRA_STATES).optional(),
    error: errorCodeSchema.optional(),
    detail: z.string().optional(),
    warnings: z.array(wireWarningSchema).optional(),
  })
  .meta({ id: 'Status' });
export type WireStatus = z.infer<typeof wireStatusSchema>;

export const wireJobListSchema = z
  .object({ jobs: z.array(wireStatusSchema), next_cursor: z.string().nullable() })
  .meta({ id: 'JobList' });

/**
 * `GET /jobs/{id}/events`: each SSE message has its type as `event`, this object as `data`, and an `id` that resumes
 * the stream when it is sent back as Last-Event-ID. The last message is one of completed, failed, cancelled.
 */
export const wireEventSchema = z
  .discriminatedUnion('type', [
    z.object({ type: z.literal('progress'), stage, progress: z.number() }),
    z.object({ type: z.literal('text'), start: seconds, end: seconds, text: z.string() }),
    z.object({
      type: z.literal('spoken'),
      index: z.int().min(0),
      /** With the silence after it. */
      duration: seconds,
      text: z.string(),
    }),
    /** When the words of a piece are heard, from its beginning; pieces in any order. */
    z.object({ type: z.literal('words'), index: z.int().min(0), words: z.array(wireSpokenWordSchema) }),
    z.object({ type: z.literal('completed'), result_url: z.string() }),
    z.object({ type: z.literal('failed'), error: errorCodeSchema, message: z.string(), detail: z.string() }),
    z.object({ type: z.literal('cancelled') }),
  ])
  .meta({ id: 'Event' });
export type WireEvent = z.infer<typeof wireEventSchema>;

/** Body of a webhook (Standard Webhooks): how the job ended. The transcript is to be had at `result_url`. */
export const wireWebhookEventSchema = z
  .object({
    type: z.enum(['job.completed', 'job.failed', 'job.cancelled']),
    timestamp: z.iso.datetime(),
    data: wireStatusSchema.omit({
      stage: true,
      queue_position: true,
      waiting_for: true,
      estimated_completion: true,
      result: true,
    }),
  })
  .meta({ id: 'WebhookEvent' });
export type WireWebhookEvent = z.infer<typeof wireWebhookEventSchema>;

/** `GET /jobs/{id}/webhooks`. */
export const wireWebhookSchema = z
  .object({
    job_id: z.uuid(),
    /** null: the request named none. */
    url: z.string().nullable(),
    /** `webhook-id` of every call: the same for tries and replays, so that a receiver can tell repetitions. */
    webhook_id: z.string(),
    /** `waiting`: for the job's end. `pending`: to be called, or called again. */
    state: z.enum(['none', 'waiting', 'pending', 'delivered', 'failed']),
    attempts: z.array(
      z.object({
        delivery: z.int(),
        attempt: z.int(),
        started_at: z.iso.datetime(),
        took: seconds,
        outcome: z.enum(WEBHOOK_OUTCOMES),
        status: z.int().nullable(),
        error: z.string().nullable(),
      }),
    ),
  })
  .meta({ id: 'Webhook' });
export type WireWebhook = z.infer<typeof wireWebhookSchema>;

/** `GET /batches/{id}/webhooks`. */
export const wireBatchWebhookSchema = wireWebhookSchema
  .omit({ job_id: true })
  .extend({ batch_id: z.uuid() })
  .meta({ id: 'BatchWebhook' });
export type WireBatchWebhook = z.infer<typeof wireBatchWebhookSchema>;

/** `GET /`. */
export const wireServiceSchema = z
  .object({
    name: z.literal('Sotto'),
    description: z.string(),
    version: z.string(),
    links: z.object({ docs: z.string(), redoc: z.string(), openapi: z.string(), health: z.string() }),
  })
  .meta({ id: 'Service' });
export type WireService = z.infer<typeof wireServiceSchema>;

export const wireHealthSchema = z
  .object({
    status: z.enum(['healthy', 'degraded', 'unhealthy']),
    version: z.string(),
    model: z.string().nullable(),
    device: z.string().nullable(),
    timestamp: z.iso.datetime(),
    uptime_seconds: z.number(),
    workers: z.int(),
    queue: z.object({ waiting: z.int(), active: z.int() }).nullable(),
    /** Bytes are null where the store knows no limit, or does not answer. */
    storage: z.object({
      kind: z.enum(['file', 's3', 'azure']),
      writable: z.boolean(),
      free_bytes: z.number().nullable(),
      total_bytes: z.number().nullable(),
    }),
    warnings: z.array(z.string()),
  })
  .meta({ id: 'Health' });

export const wireReadySchema = z
  .object({
    status: z.enum(['ready', 'degraded', 'not_ready']),
    checks: z.object({
      redis_connected: z.boolean(),
      /** Redis answers, and writes. Older services do not say this, nor the next. */
      redis_writable: z.boolean().optional(),
      /** Its memory has room for new work. */
      redis_memory: z.boolean().optional(),
      storage_writable: z.boolean(),
      disk_space: z.boolean(),
      model_loaded: z.boolean(),
      /** The library can be used; absent: there is none. */
      library: z.boolean().optional(),
    }),
    /** What is wrong, in sentences; empty when it is ready. Older services do not say. */
    problems: z.array(z.string()).optional(),
  })
  .meta({ id: 'Ready' });

export const wireModelSchema = z.object({
  name: z.string(),
  /** OpenAI's list wants these two beside ours. */
  id: z.string(),
  object: z.literal('model'),
  created: z.int(),
  owned_by: z.string(),
  size: z.string(),
  speed: z.string(),
  accuracy: z.string(),
  languages: z.enum(['multilingual', 'en']),
  installed: z.boolean(),
  loaded: z.boolean(),
  realtime_factor: z.number().nullable().default(null).meta({
    description: 'Audio seconds per second of one worker, over its last windows; null: not measured yet.',
  }),
  memory_bytes: z.int().nullable().default(null).meta({
    description: 'Memory that it takes in one worker, all slots in use; null: not loaded yet.',
  }),
  warning: z.string().optional(),
});

/** `models` as in the owner's specification; `data` as in OpenAI's list: the same entries, and its names for them. */
export const wireModelListSchema = z
  .object({
    object: z.literal('list'),
    models: z.array(wireModelSchema),
    data: z.array(wireModelSchema),
    current_model: z.string().nullable(),
    /** The model that tells speakers apart. It is installed when it is first needed. Older services have none. */
    speaker_model: z.object({ name: z.string(), license: z.string(), attribution: z.string() }).optional(),
  })
  .meta({ id: 'ModelList' });
