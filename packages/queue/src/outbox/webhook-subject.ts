import type { OutboxEvent } from './outbox-event.ts';

/** What a webhook is about, once: the id of a job or a batch, or of a quota's event. */
export function webhookSubject(event: OutboxEvent): string {
  switch (event.type) {
    case 'job_ended':
      return event.jobId;
    case 'batch_ended':
      return event.batchId;
    case 'quota': {
      const unit = event.unit === 'audio_ms' ? [] : [event.unit];
      return ['quota', event.keyId, event.period, ...unit, event.percent].join('.');
    }
  }
}

/** Replays count. */
export const deliveryOf = (event: OutboxEvent): number => (event.type === 'quota' ? 1 : event.delivery);

/** Deterministic: however often a webhook is taken from the outbox, it is queued once. */
export function webhookJobId(subject: string, delivery: number): string {
  return `webhook.${subject}.${delivery}`;
}

/** `webhook-id` of every try and replay: a receiver tells repetitions by it. */
export function webhookIdOf(subject: string): string {
  return `msg_${subject}`;
}
