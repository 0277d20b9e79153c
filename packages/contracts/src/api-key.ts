import { z } from 'zod';
import { SCOPES } from './scopes.ts';
import { toIso, toIsoOrNull } from './units.ts';

const HUNDRED_YEARS_SECONDS = 3_200_000_000;

/** null: no limit of its own; the service's still hold. */
export const keyLimitsSchema = z.object({
  /** Requests that create work, in any 60 seconds. */
  requestsPerMinute: z.int().min(1).max(1_000_000).nullable(),
  /** Runs accepted and not ended. */
  concurrentJobs: z.int().min(1).max(1_000_000).nullable(),
  /** Of sound waiting or at work. */
  queuedMinutes: z.number().min(0.01).max(1e9).nullable(),
  /** Bytes on disk of its open uploads and of the recordings of its unfinished runs. */
  heldBytes: z.int().min(1).max(1e15).nullable(),
  /** Resumable uploads that are neither used nor deleted. */
  openUploads: z.int().min(1).max(1_000_000).nullable(),
  /** Catalog names; a name also stands for its quantized files. */
  models: z.array(z.string().trim().min(1).max(100)).min(1).max(50).nullable(),
  /** Of one recording, in place of MAX_DURATION. */
  maxDurationSeconds: z.number().min(0.1).max(1e6).nullable(),
  /** Quotas: minutes of sound transcribed in a day, and in a calendar month, of UTC. */
  audioMinutesPerDay: z.number().min(0.01).max(1e9).nullable(),
  audioMinutesPerMonth: z.number().min(0.01).max(1e9).nullable(),
  /** The same in characters of text; no kind of work asks for them yet. */
  charactersPerDay: z.int().min(1).max(1e12).nullable(),
  charactersPerMonth: z.int().min(1).max(1e12).nullable(),
});
export type KeyLimits = z.infer<typeof keyLimitsSchema>;

export const NO_KEY_LIMITS: KeyLimits = {
  requestsPerMinute: null,
  concurrentJobs: null,
  queuedMinutes: null,
  heldBytes: null,
  openUploads: null,
  models: null,
  maxDurationSeconds: null,
  audioMinutesPerDay: null,
  audioMinutesPerMonth: null,
  charactersPerDay: null,
  charactersPerMonth: null,
};

/** A key as it is kept: without its secret, of which only a SHA-256 is stored, elsewhere. */
export const apiKeySchema = z.object({
  id: z.string().regex(/^[a-z0-9]{1,32}$/),
  name: z.string(),
  /** Whose it is; null: nobody's who signs in. The record of a user's own id has no secret: it is what the user may do. */
  userId: z.string().nullable(),
  scopes: z.array(z.enum(SCOPES)).min(1),
  limits: keyLimitsSchema,
  /** Share of the queue, against keys of weight 1. */
  weight: z.number().min(0.01).max(100),
  /** May ask for `priority=interactive`. */
  mayRaisePriority: z.boolean(),
  /** Told of its quotas, and of the end of its jobs that name no address of their own; null: nobody is. */
  webhookUrl: z.url().nullable(),
  /** Whether its webhooks are signed with a secret of its own; it is kept elsewhere. */
  hasWebhookSecret: z.boolean(),
  createdAtMs: z.int(),
  rotatedAtMs: z.int().nullable(),
  expiresAtMs: z.int().nullable(),
  revokedAtMs: z.int().nullable(),
});
export type ApiKey = z.infer<typeof apiKeySchema>;

const httpUrl = z.url({ protocol: /^https?$/ }).max(2048);

const nullable = <T extends z.ZodType>(schema: T) => schema.nullable().optional();

/** Body of `POST /admin/keys`; `POST /admin/keys/{id}` takes the same, all optional. null: no limit. */
export const keyFormSchema = z.strictObject({
  name: z.string().trim().min(1).max(100),
  scopes: z.array(z.enum(SCOPES)).min(1).optional().meta({ description: 'Default: transcribe and read.' }),
  requests_per_minute: nullable(keyLimitsSchema.shape.requestsPerMinute.unwrap()),
  concurrent_jobs: nullable(keyLimitsSchema.shape.concurrentJobs.unwrap()),
  queued_minutes: nullable(keyLimitsSchema.shape.queuedMinutes.unwrap()),
  held_bytes: nullable(keyLimitsSchema.shape.heldBytes.unwrap()),
  open_uploads: nullable(keyLimitsSchema.shape.openUploads.unwrap()),
  models: nullable(keyLimitsSchema.shape.models.unwrap()),
  max_duration_seconds: nullable(keyLimitsSchema.shape.maxDurationSeconds.unwrap()),
  audio_minutes_per_day: nullable(keyLimitsSchema.shape.audioMinutesPerDay.unwrap()),
  audio_minutes_per_month: nullable(keyLimitsSchema.shape.audioMinutesPerMonth.unwrap()),
  weight: apiKeySchema.shape.weight.optional(),
  may_raise_priority: z.boolean().optional(),
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
    weight: z.number(),
    may_raise_priority: z.boolean(),
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

export function keyStatus({ revokedAtMs, expiresAtMs }: ApiKey, nowMs: number): WireKey['status'] {
  if (revokedAtMs !== null) return 'revoked';
  return expiresAtMs !== null && expiresAtMs <= nowMs ? 'expired' : 'active';
}

export function toWireKey(key: ApiKey, nowMs: number): WireKey {
  const { limits } = key;
  return {
    id: key.id,
    name: key.name,
    user_id: key.userId,
    status: keyStatus(key, nowMs),
    scopes: key.scopes,
    requests_per_minute: limits.requestsPerMinute,
    concurrent_jobs: limits.concurrentJobs,
    queued_minutes: limits.queuedMinutes,
    held_bytes: limits.heldBytes,
    open_uploads: limits.openUploads,
    models: limits.models,
    max_duration_seconds: limits.maxDurationSeconds,
    audio_minutes_per_day: limits.audioMinutesPerDay,
    audio_minutes_per_month: limits.audioMinutesPerMonth,
    weight: key.weight,
    may_raise_priority: key.mayRaisePriority,
    webhook_url: key.webhookUrl,
    has_webhook_secret: key.hasWebhookSecret,
    created_at: toIso(key.createdAtMs),
    rotated_at: toIsoOrNull(key.rotatedAtMs),
    expires_at: toIsoOrNull(key.expiresAtMs),
    revoked_at: toIsoOrNull(key.revokedAtMs),
  };
}
