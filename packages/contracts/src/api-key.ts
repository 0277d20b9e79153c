import * as z from 'zod';
import { SCOPES } from './scopes.ts';
import { toIso, toIsoOrNull } from './units.ts';
import { KEY_LIMITS, KEY_WEIGHT, type WireKey } from './wire-keys.ts';

/** null: no limit of its own; the service's still hold. */
export const keyLimitsSchema = z.object({
  requestsPerMinute: KEY_LIMITS.requests_per_minute.nullable(),
  concurrentJobs: KEY_LIMITS.concurrent_jobs.nullable(),
  queuedMinutes: KEY_LIMITS.queued_minutes.nullable(),
  heldBytes: KEY_LIMITS.held_bytes.nullable(),
  openUploads: KEY_LIMITS.open_uploads.nullable(),
  models: KEY_LIMITS.models.nullable(),
  maxDurationSeconds: KEY_LIMITS.max_duration_seconds.nullable(),
  audioMinutesPerDay: KEY_LIMITS.audio_minutes_per_day.nullable(),
  audioMinutesPerMonth: KEY_LIMITS.audio_minutes_per_month.nullable(),
  charactersPerDay: KEY_LIMITS.characters_per_day.nullable(),
  charactersPerMonth: KEY_LIMITS.characters_per_month.nullable(),
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
  weight: KEY_WEIGHT,
  /** May ask for `priority=interactive`. */
  mayRaisePriority: z.boolean(),
  /** Its transcriptions are kept in the library unless a request says `keep=false`. */
  keep: z.boolean(),
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
    characters_per_day: limits.charactersPerDay,
    characters_per_month: limits.charactersPerMonth,
    weight: key.weight,
    may_raise_priority: key.mayRaisePriority,
    keep: key.keep,
    webhook_url: key.webhookUrl,
    has_webhook_secret: key.hasWebhookSecret,
    created_at: toIso(key.createdAtMs),
    rotated_at: toIsoOrNull(key.rotatedAtMs),
    expires_at: toIsoOrNull(key.expiresAtMs),
    revoked_at: toIsoOrNull(key.revokedAtMs),
  };
}
