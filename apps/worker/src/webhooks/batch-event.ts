import type { WireBatchEvent } from '@sotto/contracts';
import { type BatchView, batchCounts } from '@sotto/queue';

const iso = (ms: number): string => new Date(ms).toISOString();

/** How a batch ended, for the address its client named; null: it named none, or it has not ended. */
export function batchWebhook({ batch, items }: BatchView): { url: string; body: string } | null {
  const { id, status, createdAtMs, endedAtMs, delivery } = batch;
  if (delivery.webhookUrl === undefined || status === 'processing' || endedAtMs === null) return null;
  const counts = batchCounts(items);
  const event: WireBatchEvent = {
    type: 'batch.completed',
    timestamp: iso(endedAtMs),
    data: {
      ...{ batch_id: id, status, created_at: iso(createdAtMs), completed_at: iso(endedAtMs), counts },
      ...{ status_url: `/batches/${id}`, results_url: `/batches/${id}/results` },
    },
  };
  return { url: delivery.webhookUrl, body: JSON.stringify(event) };
}
