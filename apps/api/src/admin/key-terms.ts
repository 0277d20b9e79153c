import { type ApiKey, type KeyChanges, type KeyForm, type KeyLimits, NO_KEY_LIMITS } from '@sotto/contracts';
import type { KeyTerms } from '@sotto/queue';

/** What a new key may do. */
export function termsOf(form: KeyForm): KeyTerms {
  const {
    name,
    scopes = ['transcribe', 'read'],
    weight = 1,
    may_raise_priority: mayRaisePriority = false,
    keep = false,
  } = form;
  const limits = limitsOf(form, NO_KEY_LIMITS);
  return {
    name,
    userId: null,
    scopes,
    weight,
    mayRaisePriority,
    keep,
    limits,
    webhookUrl: form.webhook_url ?? null,
    expiresAtMs: expiryOf(form),
  };
}

/** What changes of a key; fields left out stay as they are. */
export function changesOf(form: KeyChanges, before: ApiKey): Partial<KeyTerms> {
  return {
    ...(form.name !== undefined && { name: form.name }),
    ...(form.scopes !== undefined && { scopes: form.scopes }),
    ...(form.weight !== undefined && { weight: form.weight }),
    ...(form.may_raise_priority !== undefined && { mayRaisePriority: form.may_raise_priority }),
    ...(form.keep !== undefined && { keep: form.keep }),
    ...(form.webhook_url !== undefined && { webhookUrl: form.webhook_url }),
    ...(form.expires_at !== undefined && { expiresAtMs: expiryOf(form) }),
    limits: limitsOf(form, before.limits),
  };
}

const expiryOf = ({ expires_at: text }: KeyChanges): number | null =>
  text === undefined || text === null ? null : Date.parse(text);

/** The one place where wire names become limits; a field left out keeps its value. */
function limitsOf(form: KeyChanges, before: KeyLimits): KeyLimits {
  const chosen = <T>(asked: T | undefined, was: T): T => (asked === undefined ? was : asked);
  return {
    requestsPerMinute: chosen(form.requests_per_minute, before.requestsPerMinute),
    concurrentJobs: chosen(form.concurrent_jobs, before.concurrentJobs),
    queuedMinutes: chosen(form.queued_minutes, before.queuedMinutes),
    heldBytes: chosen(form.held_bytes, before.heldBytes),
    openUploads: chosen(form.open_uploads, before.openUploads),
    models: chosen(form.models, before.models),
    maxDurationSeconds: chosen(form.max_duration_seconds, before.maxDurationSeconds),
    audioMinutesPerDay: chosen(form.audio_minutes_per_day, before.audioMinutesPerDay),
    audioMinutesPerMonth: chosen(form.audio_minutes_per_month, before.audioMinutesPerMonth),
    charactersPerDay: chosen(form.characters_per_day, before.charactersPerDay),
    charactersPerMonth: chosen(form.characters_per_month, before.charactersPerMonth),
  };
}
