import type { Status, WireQuotaEvent, WireWebhookEvent } from '@sotto/contracts';
import type { QuotaEvent, RequestView } from '@sotto/queue';

const iso = (ms: number): string => new Date(ms).toISOString();

/** How a job ended, for the address its client named. */
export function webhookEvent(
  { request, run }: RequestView,
  status: Exclude<Status, 'processing'>,
  nowMs: number,
): WireWebhookEvent {
  const endedAt = iso(run.endedAtMs ?? nowMs);
  return {
    type: `job.${status}`,
    timestamp: endedAt,
    data: {
      job_id: request.id,
      status,
      progress: Math.floor(run.progress),
      file_name: request.fileName,
      created_at: iso(request.createdAtMs),
      ...(run.startedAtMs !== null && { started_at: iso(run.startedAtMs) }),
      ...(run.durationMs !== null && { duration: run.durationMs / 1000 }),
      ...(status === 'completed' && { completed_at: endedAt, result_url: `/jobs/${request.id}/result` }),
      ...(status === 'failed' && { failed_at: endedAt }),
      ...(status === 'cancelled' && { cancelled_at: endedAt }),
      ...(run.error !== null && { error: run.error.code, detail: run.error.detail }),
      ...(run.warnings.length > 0 && { warnings: run.warnings }),
    },
  };
}

const minutes = (ms: number): number => Math.round(ms / 600) / 100;

/** How a quota stands, for the address of its key. */
export function quotaEventBody(event: QuotaEvent, keyName: string): WireQuotaEvent {
  const { keyId, name, percent, limitMs, usedMs, atMs, resetsAtMs } = event;
  return {
    type: percent < 100 ? 'quota.warning' : 'quota.reached',
    timestamp: iso(atMs),
    data: {
      ...{ key_id: keyId, name: keyName, quota: name, percent },
      ...{ limit_minutes: minutes(limitMs), used_minutes: minutes(usedMs), resets_at: iso(resetsAtMs) },
    },
  };
}
