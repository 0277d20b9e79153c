import { toIso, type WireBatchWebhook, type WireWebhook } from '@sotto/contracts';
import { type BatchView, type RequestView, type WebhookHistory, webhookIdOf } from '@sotto/queue';

/** The webhook of a request and its deliveries, as clients see them. */
export function webhookView({ request, run }: RequestView, history: WebhookHistory): WireWebhook {
  const hasEnded = run.status !== 'processing';
  return { job_id: request.id, ...deliveries(request.id, request.delivery.webhookUrl, hasEnded, history) };
}

/** The same for a batch. */
export function batchWebhookView({ batch }: BatchView, history: WebhookHistory): WireBatchWebhook {
  const hasEnded = batch.status !== 'processing';
  return { batch_id: batch.id, ...deliveries(batch.id, batch.delivery.webhookUrl, hasEnded, history) };
}

function deliveries(
  id: string,
  url: string | undefined,
  hasEnded: boolean,
  history: WebhookHistory,
): Omit<WireWebhook, 'job_id'> {
  return {
    url: url ?? null,
    webhook_id: webhookIdOf(id),
    state: url === undefined ? 'none' : hasEnded ? stateOf(history) : 'waiting',
    attempts: history.attempts.map(({ delivery, attempt, startedAtMs, tookMs, outcome, status, error }) => ({
      delivery,
      attempt,
      started_at: toIso(startedAtMs),
      took: tookMs / 1000,
      outcome,
      status,
      error,
    })),
  };
}

/** State of the newest delivery; attempts of an earlier one may still be running. */
function stateOf({ deliveries, attempts }: WebhookHistory): 'pending' | 'delivered' | 'failed' {
  const last = attempts.findLast(({ delivery }) => delivery === deliveries);
  if (last === undefined || last.outcome === 'retrying') return 'pending';
  return last.outcome === 'delivered' ? 'delivered' : 'failed';
}
