import type { WireWebhook } from '@sotto/contracts';
import { type RequestView, type WebhookHistory, webhookIdOf } from '@sotto/queue';

/** A request's webhook and what became of it, as clients see it. */
export function webhookView({ request, run }: RequestView, history: WebhookHistory): WireWebhook {
  const url = request.delivery.webhookUrl ?? null;
  return {
    job_id: request.id,
    url,
    webhook_id: webhookIdOf(request.id),
    state: url === null ? 'none' : run.status === 'processing' ? 'waiting' : stateOf(history),
    attempts: history.attempts.map(({ delivery, attempt, startedAtMs, tookMs, outcome, status, error }) => ({
      ...{ delivery, attempt, started_at: new Date(startedAtMs).toISOString(), took: tookMs / 1000 },
      ...{ outcome, status, error },
    })),
  };
}

/** Of the newest delivery: an earlier one's tries may go on beside it. */
function stateOf({ deliveries, attempts }: WebhookHistory): 'pending' | 'delivered' | 'failed' {
  const last = attempts.findLast(({ delivery }) => delivery === deliveries);
  if (last === undefined || last.outcome === 'retrying') return 'pending';
  return last.outcome === 'delivered' ? 'delivered' : 'failed';
}
