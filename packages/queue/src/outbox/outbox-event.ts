import { COST_UNIT_NAMES, type CostUnit } from '../catalog/costs.ts';

/**
 * What others are to hear of, put into the outbox in the Lua step that makes it true. `delivery`: 1 the first time; each
 * replay is one more.
 */
export type OutboxEvent =
  | { type: 'job_ended'; jobId: string; delivery: number }
  | { type: 'batch_ended'; batchId: string; delivery: number }
  /** So much of a quota is used. */
  | { type: 'quota'; keyId: string; period: string; unit: CostUnit; percent: number };

/** Who hears of events, each from an outbox of its own. Scripts name them. */
export const OUTBOX_CONSUMERS = ['webhooks', 'batches'] as const;
export type OutboxConsumer = (typeof OUTBOX_CONSUMERS)[number];

/** As scripts write it. */
export function outboxMember(event: OutboxEvent): string {
  switch (event.type) {
    case 'job_ended':
      return `job_ended:${event.jobId}:${event.delivery}`;
    case 'batch_ended':
      return `batch_ended:${event.batchId}:${event.delivery}`;
    case 'quota':
      return `quota:${event.keyId}:${event.period}:${event.unit}:${event.percent}`;
  }
}

/** null: a newer build's. */
export function outboxEventOf(member: string): OutboxEvent | null {
  const [type, id = '', ...rest] = member.split(':');
  if (type === 'job_ended') return { type, jobId: id, delivery: Number(rest[0]) };
  if (type === 'batch_ended') return { type, batchId: id, delivery: Number(rest[0]) };
  const [period = '', unitName, percent] = rest;
  const unit = COST_UNIT_NAMES.find((name) => name === unitName);
  if (type === 'quota' && unit !== undefined) return { type, keyId: id, period, unit, percent: Number(percent) };
  return null;
}

const LEGACY_QUOTA = /^quota\.([^.]+)\.([\d-]+)\.(\d+)$/;

/** What a build before the outbox wrote: `ID.DELIVERY` of a request or a batch, or of a quota of audio. */
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
