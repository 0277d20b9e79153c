import { resultUrl, toIso, type WireBatch } from '@sotto/contracts';
import { type BatchItemView, type BatchView, batchCounts, batchItemStatus, guessDurationMs } from '@sotto/queue';

export interface BatchViewExtras {
  /** `` or `/v1`. */
  baseUrl: string;
  /** Audio seconds per wall second of all workers; null: not measured. */
  rtfx: number | null;
  nowMs: number;
}

/** A batch as clients see it. */
export function batchView({ batch, items }: BatchView, { baseUrl, rtfx, nowMs }: BatchViewExtras): WireBatch {
  const url = batchUrl(baseUrl, batch.id);
  const leftMs = items.reduce((sum, item) => sum + soundLeftMs(item), 0);
  const isDone = batch.status !== 'processing';
  return {
    batch_id: batch.id,
    status: batch.status,
    created_at: toIso(batch.createdAtMs),
    ...(batch.endedAtMs !== null && { completed_at: toIso(batch.endedAtMs) }),
    ...(!isDone && rtfx !== null && rtfx > 0 && { estimated_completion: toIso(Math.round(nowMs + leftMs / rtfx)) }),
    counts: batchCounts(items),
    status_url: url,
    ...(isDone && { results_url: `${url}/results` }),
    items: items.map((item, index) => itemView(item, index, baseUrl)),
  };
}

export const batchUrl = (baseUrl: string, batchId: string): string => `${baseUrl}/batches/${batchId}`;

function itemView(seen: BatchItemView, index: number, baseUrl: string): WireBatch['items'][number] {
  const { item, view } = seen;
  const run = view?.run ?? null;
  const error = item.error ?? run?.error ?? null;
  return {
    index,
    file_name: item.fileName,
    status: batchItemStatus(seen),
    progress: Math.floor(run?.progress ?? 0),
    ...(item.url !== undefined && { url: item.url }),
    ...(item.requestId !== null && { job_id: item.requestId }),
    ...(run !== null && 'durationMs' in run && run.durationMs !== null && { duration: run.durationMs / 1000 }),
    ...(run?.status === 'completed' && item.requestId !== null && { result_url: resultUrl(baseUrl, item.requestId) }),
    ...(error !== null && { error: error.code, detail: error.detail }),
  };
}

/** For the batch alone; what is queued before it is not considered. */
function soundLeftMs({ view }: BatchItemView): number {
  if (view === null || view.run.status !== 'processing') return 0;
  const { run } = view;
  // Batches have recordings only.
  if (!('container' in run.upload && 'durationMs' in run)) return 0;
  return (run.durationMs ?? guessDurationMs(run.upload)) * (1 - run.progress / 100);
}
