import type { WebhookEvent } from './outbox-event.ts';

/** The id of what a webhook is about: a job, a batch or a quota event. */
export function webhookSubject(event: WebhookEvent): string {
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

/** 1, and one more with each replay. */
export const deliveryOf = (event: WebhookEvent): number => (event.type === 'quota' ? 1 : event.delivery);

/** Deterministic, so that a webhook is queued once, however often it is taken from the outbox. */
export function webhookJobId(subject: string, delivery: number): string {
  return `webhook.${subject}.${delivery}`;
}

/** `webhook-id` of every attempt and replay, by which a receiver recognises repetitions. */
export function webhookIdOf(subject: string): string {
  return `msg_${subject}`;
}
