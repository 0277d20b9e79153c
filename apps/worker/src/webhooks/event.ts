import { type Status, toIso, toMinutes, toWireJob, type WireQuotaEvent, type WireWebhookEvent } from '@sotto/contracts';
import type { QuotaEvent, RequestView } from '@sotto/queue';

/** How a job ended, for the address that its client named. */
export function webhookEvent(view: RequestView, status: Exclude<Status, 'processing'>): WireWebhookEvent {
  const { endedAtMs, createdAtMs } = view.run;
  return { type: `job.${status}`, timestamp: toIso(endedAtMs ?? createdAtMs), data: toWireJob(view, '') };
}

/** How much of a quota is used, for the address of its key. */
export function quotaEventBody(event: QuotaEvent, keyName: string): WireQuotaEvent {
  const { keyId, name, unit, percent, limit, used, atMs, resetsAtMs } = event;
  const amounts =
    unit === 'audio_ms'
      ? { limit_minutes: toMinutes(limit), used_minutes: toMinutes(used) }
      : { limit_characters: limit, used_characters: used };
  return {
    type: percent < 100 ? 'quota.warning' : 'quota.reached',
    timestamp: toIso(atMs),
    data: {
      key_id: keyId,
      name: keyName,
      quota: name,
      percent,
      ...amounts,
      resets_at: toIso(resetsAtMs),
    },
  };
}
