import { toIso, type WireBatchEvent } from '@sotto/contracts';
import { type BatchView, batchCounts } from '@sotto/queue';

/** The webhook that tells how a batch ended; null: its client named no address, or the batch has not ended. */
export function batchWebhook({ batch, items }: BatchView): { url: string; body: string } | null {
  const { id, status, createdAtMs, endedAtMs, delivery } = batch;
  if (delivery.webhookUrl === undefined || status === 'processing' || endedAtMs === null) return null;
  const counts = batchCounts(items);
  const event: WireBatchEvent = {
    type: 'batch.completed',
    timestamp: toIso(endedAtMs),
    data: {
      batch_id: id,
      status,
      created_at: toIso(createdAtMs),
      completed_at: toIso(endedAtMs),
      counts,
      status_url: `/batches/${id}`,
      results_url: `/batches/${id}/results`,
    },
  };
  return { url: delivery.webhookUrl, body: JSON.stringify(event) };
}
