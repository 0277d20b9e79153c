import { COST_UNIT_NAMES, type CostUnit } from '../catalog/costs.ts';

/**
 * Something that consumers act on, put into the outbox by the Lua step that makes it true. `delivery`: 1 the first
 * time, one more with each replay.
 */
export type OutboxEvent =
  | { type: 'job_ended'; jobId: string; delivery: number }
  | { type: 'batch_ended'; batchId: string; delivery: number }
  /** A live session is over, and all of its recording is stored. */
  | { type: 'live_recorded'; sessionId: string }
  /** So many percent of a quota are used. */
  | { type: 'quota'; keyId: string; period: string; unit: CostUnit; percent: number };

/** Something that a webhook may be about. */
export type WebhookEvent = Exclude<OutboxEvent, { type: 'live_recorded' }>;

/**
 * The consumers of events, each with an outbox of its own. Scripts use these names. Workers read the first two, APIs that
 * have a library its own, and all APIs that of recordings.
 */
export const OUTBOX_CONSUMERS = ['webhooks', 'batches', 'library', 'recordings'] as const;
export type OutboxConsumer = (typeof OUTBOX_CONSUMERS)[number];

/** An event as scripts write it. */
export function outboxMember(event: OutboxEvent): string {
  switch (event.type) {
    case 'job_ended':
      return `job_ended:${event.jobId}:${event.delivery}`;
    case 'batch_ended':
      return `batch_ended:${event.batchId}:${event.delivery}`;
    case 'live_recorded':
      return `live_recorded:${event.sessionId}`;
    case 'quota':
      return `quota:${event.keyId}:${event.period}:${event.unit}:${event.percent}`;
  }
}

/** null: only a newer build knows it. */
export function outboxEventOf(member: string): OutboxEvent | null {
  const [type, id = '', ...rest] = member.split(':');
  if (type === 'job_ended') return { type, jobId: id, delivery: Number(rest[0]) };
  if (type === 'batch_ended') return { type, batchId: id, delivery: Number(rest[0]) };
  if (type === 'live_recorded') return { type, sessionId: id };
  const [period = '', unitName, percent] = rest;
  const unit = COST_UNIT_NAMES.find((name) => name === unitName);
  if (type === 'quota' && unit !== undefined) return { type, keyId: id, period, unit, percent: Number(percent) };
  return null;
}

const LEGACY_QUOTA = /^quota\.([^.]+)\.([\d-]+)\.(\d+)$/;

/** An event of a build before the outbox: `ID.DELIVERY` of a request, a batch, or a quota of audio. */
export function legacyOutboxEvent(member: string, isBatch: boolean): OutboxEvent {
  const dot = member.lastIndexOf('.');
  const [subject, delivery] = [member.slice(0, dot), Number(member.slice(dot + 1))];
  const [, keyId, period, percent] = LEGACY_QUOTA.exec(subject) ?? [];
  if (keyId !== undefined && period !== undefined) {
    return { type: 'quota', keyId, period, unit: 'audio_ms', percent: Number(percent) };
  }
  return isBatch
    ? { type: 'batch_ended', batchId: subject, delivery }
    : { type: 'job_ended', jobId: subject, delivery };
}
