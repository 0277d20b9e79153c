import * as z from 'zod';
import { SCOPES } from './scopes.ts';

const HUNDRED_YEARS_SECONDS = 3_200_000_000;

/** What a key may have or use; null: no limit of its own, the service's still hold. */
export const KEY_LIMITS = {
  /** Requests that create work, in any 60 seconds. */
  requests_per_minute: z.int().min(1).max(1_000_000),
  /** Runs accepted and not ended. */
  concurrent_jobs: z.int().min(1).max(1_000_000),
  /** Of sound waiting or at work. */
  queued_minutes: z.number().min(0.01).max(1e9),
  /** Bytes on disk of its open uploads and of the recordings of its unfinished runs. */
  held_bytes: z.int().min(1).max(1e15),
  /** Resumable uploads that are neither used nor deleted. */
  open_uploads: z.int().min(1).max(1_000_000),
  /** Catalog names; a name also stands for its quantized files. */
  models: z.array(z.string().trim().min(1).max(100)).min(1).max(50),
  /** Of one recording, in place of MAX_DURATION. */
  max_duration_seconds: z.number().min(0.1).max(1e6),
  /** Quotas: minutes of sound transcribed in a day, and in a calendar month, of UTC. */
  audio_minutes_per_day: z.number().min(0.01).max(1e9),
  audio_minutes_per_month: z.number().min(0.01).max(1e9),
  /** The same in characters of texts that are spoken. */
  characters_per_day: z.int().min(1).max(1e12),
  characters_per_month: z.int().min(1).max(1e12),
} as const;

/** Share of the queue, against keys of weight 1. */
export const KEY_WEIGHT = z.number().min(0.01).max(100);

const httpUrl = z.url({ protocol: /^https?$/ }).max(2048);

const nullable = <T extends z.ZodType>(schema: T) => schema.nullable().optional();

/** Body of `POST /admin/keys`; `POST /admin/keys/{id}` takes the same, all optional. null: no limit. */
export const keyFormSchema = z.strictObject({
  name: z.string().trim().min(1).max(100),
  scopes: z.array(z.enum(SCOPES)).min(1).optional().meta({ description: 'Default: transcribe and read.' }),
  requests_per_minute: nullable(KEY_LIMITS.requests_per_minute),
  concurrent_jobs: nullable(KEY_LIMITS.concurrent_jobs),
  queued_minutes: nullable(KEY_LIMITS.queued_minutes),
  held_bytes: nullable(KEY_LIMITS.held_bytes),
  open_uploads: nullable(KEY_LIMITS.open_uploads),
  models: nullable(KEY_LIMITS.models),
  max_duration_seconds: nullable(KEY_LIMITS.max_duration_seconds),
  audio_minutes_per_day: nullable(KEY_LIMITS.audio_minutes_per_day),
  audio_minutes_per_month: nullable(KEY_LIMITS.audio_minutes_per_month),
  characters_per_day: nullable(KEY_LIMITS.characters_per_day),
  characters_per_month: nullable(KEY_LIMITS.characters_per_month),
  weight: KEY_WEIGHT.optional(),
  may_raise_priority: z.boolean().optional(),
  keep: z
    .boolean()
    .optional()
    .meta({ description: 'true: its transcriptions are kept in the library, unless a request says `keep=false`.' }),
  webhook_url: httpUrl.nullable().optional().meta({
    description: 'Notified about its quotas, and when jobs end that have no `webhook_url` of their own.',
  }),
  expires_at: z.iso.datetime({ offset: true }).nullable().optional().meta({ description: 'null: never.' }),
});
export type KeyForm = z.infer<typeof keyFormSchema>;

export const keyChangesSchema = keyFormSchema.partial();
export type KeyChanges = z.infer<typeof keyChangesSchema>;

export const keyRotationSchema = z.strictObject({
  grace_seconds: z.int().min(0).max(HUNDRED_YEARS_SECONDS).optional().meta({
    description: 'How long the old secret still works. Default: 0.',
  }),
});

/** A key as operators see it. */
export const wireKeySchema = z
  .object({
    id: z.string(),
    name: z.string(),
    /** The user whose key it is. One with the id of its user has no secret: it is what the user may do who signs in. */
    user_id: z.string().nullable().default(null),
    status: z.enum(['active', 'expired', 'revoked']),
    scopes: z.array(z.enum(SCOPES)),
    requests_per_minute: z.int().nullable(),
    concurrent_jobs: z.int().nullable(),
    queued_minutes: z.number().nullable(),
    held_bytes: z.int().nullable(),
    open_uploads: z.int().nullable(),
    models: z.array(z.string()).nullable(),
    max_duration_seconds: z.number().nullable(),
    audio_minutes_per_day: z.number().nullable(),
    audio_minutes_per_month: z.number().nullable(),
    characters_per_day: z.int().nullable().default(null),
    characters_per_month: z.int().nullable().default(null),
    weight: z.number(),
    may_raise_priority: z.boolean(),
    keep: z.boolean().default(false),
    webhook_url: z.string().nullable(),
    has_webhook_secret: z.boolean(),
    created_at: z.iso.datetime(),
    rotated_at: z.iso.datetime().nullable(),
    expires_at: z.iso.datetime().nullable(),
    revoked_at: z.iso.datetime().nullable(),
  })
  .meta({ id: 'Key' });
export type WireKey = z.infer<typeof wireKeySchema>;

/** The only time a secret is told. */
export const wireNewKeySchema = wireKeySchema
  .extend({
    key: z.string(),
    webhook_secret: z
      .string()
      .optional()
      .meta({ description: 'Signs its webhooks; created for keys with a `webhook_url`.' }),
  })
  .meta({ id: 'NewKey' });
export type WireNewKey = z.infer<typeof wireNewKeySchema>;

export const wireWebhookSecretSchema = z
  .object({ id: z.string(), webhook_secret: z.string() })
  .meta({ id: 'WebhookSecret' });

export const wireKeyListSchema = z.object({ keys: z.array(wireKeySchema) }).meta({ id: 'KeyList' });

/** `GET /auth/verify`: who the caller is. */
export const wireIdentitySchema = z
  .object({
    /** false: the service asks nobody for a key. */
    keys_enabled: z.boolean(),
    key_id: z.string().nullable(),
    name: z.string().nullable(),
    scopes: z.array(z.enum(SCOPES)),
    expires_at: z.iso.datetime().nullable(),
  })
  .meta({ id: 'Identity' });
