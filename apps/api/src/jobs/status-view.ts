import { type Transcript, toIso, toWireJob, type WireStatus } from '@sotto/contracts';
import type { RequestView } from '@sotto/queue';
import { toWireTranscript } from '@sotto/transcript';

export interface StatusExtras {
  /** `` or `/v1`: addresses in an answer stay where the client is. */
  baseUrl: string;
  estimatedEndMs?: number | null;
  transcript?: Transcript | null;
}

/** A request and its run as clients see them, with what holds only now. */
export function statusView(view: RequestView, { baseUrl, estimatedEndMs, transcript }: StatusExtras): WireStatus {
  const { request, run, position } = view;
  const isProcessing = run.status === 'processing';
  return {
    ...toWireJob(view, baseUrl),
    ...(isProcessing && { stage: run.stage }),
    ...(isProcessing && position !== null && { queue_position: position }),
    ...(isProcessing && typeof estimatedEndMs === 'number' && { estimated_completion: toIso(estimatedEndMs) }),
    ...(transcript && { result: toWireTranscript(transcript, request.delivery) }),
  };
}
