import type { Status, WireWebhookEvent } from '@sotto/contracts';
import type { RequestView } from '@sotto/queue';

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
