import { toIso, type WireBatchWebhook, type WireWebhook } from '@sotto/contracts';
import { type BatchView, type RequestView, type WebhookHistory, webhookIdOf } from '@sotto/queue';

/** A request's webhook and what became of it, as clients see it. */
export function webhookView({ request, run }: RequestView, history: WebhookHistory): WireWebhook {
  const hasEnded = run.status !== 'processing';
  return { job_id: request.id, ...deliveries(request.id, request.delivery.webhookUrl, hasEnded, history) };
}

/** The same of a batch. */
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

/** Of the newest delivery: an earlier one's tries may go on beside it. */
function stateOf({ deliveries, attempts }: WebhookHistory): 'pending' | 'delivered' | 'failed' {
  const last = attempts.findLast(({ delivery }) => delivery === deliveries);
  if (last === undefined || last.outcome === 'retrying') return 'pending';
  return last.outcome === 'delivered' ? 'delivered' : 'failed';
}
