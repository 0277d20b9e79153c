import type { JobRequest, Run } from './run.ts';
import { SPEAKERS_EXTRA } from './speakers.ts';
import type { WorkKind } from './status.ts';
import { toIso } from './units.ts';
import type { WireStatus } from './wire.ts';

/** What answers and webhooks both say of a job. */
export type WireJob = Omit<
  WireStatus,
  'stage' | 'queue_position' | 'waiting_for' | 'estimated_completion' | 'result' | 'found_language'
>;

export interface JobView {
  request: JobRequest;
  run: Run;
}

/** A job as clients see it. @param baseUrl `` or `/v1`: addresses in an answer stay where the client is. */
export function toWireJob({ request, run }: JobView, baseUrl: string): WireJob {
  const endedAt = toIso(run.endedAtMs ?? run.createdAtMs);
  const speakers = run.extras[SPEAKERS_EXTRA];
  return {
    job_id: request.id,
    kind: run.kind satisfies WorkKind,
    status: run.status,
    progress: Math.floor(run.progress),
    file_name: request.fileName,
    created_at: toIso(request.createdAtMs),
    ...(run.startedAtMs !== null && { started_at: toIso(run.startedAtMs) }),
    ...('durationMs' in run && run.durationMs !== null && { duration: run.durationMs / 1000 }),
    ...(run.status === 'completed' && { completed_at: endedAt, result_url: resultUrl(baseUrl, request.id) }),
    ...(run.status === 'failed' && { failed_at: endedAt }),
    ...(run.status === 'cancelled' && { cancelled_at: endedAt }),
    ...(run.error !== null && { error: run.error.code, detail: run.error.detail }),
    ...(speakers !== undefined && { speakers }),
    ...(run.warnings.length > 0 && { warnings: run.warnings }),
  };
}

export const statusUrl = (baseUrl: string, jobId: string): string => `${baseUrl}/status/${jobId}`;
export const resultUrl = (baseUrl: string, jobId: string): string => `${baseUrl}/jobs/${jobId}/result`;
