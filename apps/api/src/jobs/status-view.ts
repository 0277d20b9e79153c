import type { Transcript, WireStatus } from '@sotto/contracts';
import type { RequestView } from '@sotto/queue';
import { toWireTranscript } from '@sotto/transcript';

export interface StatusExtras {
  /** `` or `/v1`: addresses in an answer stay where the client is. */
  baseUrl: string;
  estimatedEndMs?: number | null;
  transcript?: Transcript | null;
}

const iso = (ms: number): string => new Date(ms).toISOString();

/** A request and its run as clients see them. */
export function statusView({ request, run, position }: RequestView, extras: StatusExtras): WireStatus {
  const endedAt = iso(run.endedAtMs ?? run.createdAtMs);
  const isProcessing = run.status === 'processing';
  return {
    job_id: request.id,
    status: run.status,
    progress: Math.floor(run.progress),
    file_name: request.fileName,
    created_at: iso(request.createdAtMs),
    ...(run.startedAtMs !== null && { started_at: iso(run.startedAtMs) }),
    ...(run.durationMs !== null && { duration: run.durationMs / 1000 }),
    ...(isProcessing && { stage: run.stage }),
    ...(isProcessing && position !== null && { queue_position: position }),
    ...(isProcessing &&
      typeof extras.estimatedEndMs === 'number' && { estimated_completion: iso(extras.estimatedEndMs) }),
    ...(run.status === 'completed' && { completed_at: endedAt, result_url: resultUrl(extras.baseUrl, request.id) }),
    ...(run.status === 'failed' && { failed_at: endedAt }),
    ...(run.status === 'cancelled' && { cancelled_at: endedAt }),
    ...(run.error !== null && { error: run.error.code, detail: run.error.detail }),
    ...(run.warnings.length > 0 && { warnings: run.warnings }),
    ...(extras.transcript && { result: toWireTranscript(extras.transcript, request.delivery) }),
  };
}

export const statusUrl = (baseUrl: string, jobId: string): string => `${baseUrl}/status/${jobId}`;
export const resultUrl = (baseUrl: string, jobId: string): string => `${baseUrl}/jobs/${jobId}/result`;
