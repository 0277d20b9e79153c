import type {
  ApiKeys,
  Batches,
  DeliverWebhookPayload,
  OutboxEvent,
  QuotaEvent,
  Runs,
  Usage,
  WebhookEvent,
  Webhooks,
} from '@sotto/queue';
import { deliveryOf, webhookSubject } from '@sotto/queue';
import { batchWebhook } from './batch-event.ts';
import { quotaEventBody, webhookEvent } from './event.ts';

export interface QueueWebhooksDeps {
  runs: Pick<Runs, 'view'>;
  webhooks: Webhooks;
  batches: Batches;
  usage: Pick<Usage, 'quotaEvent'>;
  apiKeys: Pick<ApiKeys, 'find'>;
  onQuota(event: QuotaEvent): void;
  /** Before the second attempt to deliver. */
  retryDelayMs: number;
}

type Message = Pick<DeliverWebhookPayload, 'url' | 'body' | 'keyId'>;

/** The outbox consumer `webhooks`: queues the delivery of the message about an event. */
export function webhookQueuer(deps: QueueWebhooksDeps): (event: OutboxEvent) => Promise<void> {
  return async (event) => {
    if (event.type === 'live_recorded') return;
    const message = await messageOf(event, deps);
    if (message === null) return;
    const about = { subject: webhookSubject(event), delivery: deliveryOf(event) };
    await deps.webhooks.enqueue({ ...about, ...message }, deps.retryDelayMs);
  };
}

/** null: there is nothing to send. */
async function messageOf(event: WebhookEvent, deps: QueueWebhooksDeps): Promise<Message | null> {
  switch (event.type) {
    case 'job_ended':
      return jobMessage(event.jobId, deps);
    case 'batch_ended':
      return batchMessage(event.batchId, deps);
    case 'quota':
      return quotaMessage(event, deps);
  }
}

/** null: the job names no address, or has been deleted meanwhile. */
async function jobMessage(jobId: string, { runs }: QueueWebhooksDeps): Promise<Message | null> {
  const view = await runs.view(jobId);
  if (view === null || view === 'expired' || view.run.status === 'processing') return null;
  const { keyId, delivery } = view.request;
  if (delivery.webhookUrl === undefined) return null;
  return { url: delivery.webhookUrl, keyId, body: JSON.stringify(webhookEvent(view, view.run.status)) };
}

async function batchMessage(batchId: string, { batches }: QueueWebhooksDeps): Promise<Message | null> {
  const view = await batches.view(batchId);
  const webhook = view === null ? null : batchWebhook(view);
  return view === null || webhook === null ? null : { ...webhook, keyId: view.batch.keyId };
}

/** null: its key has no address, or no longer exists. */
async function quotaMessage(
  about: Extract<OutboxEvent, { type: 'quota' }>,
  { usage, apiKeys, onQuota }: QueueWebhooksDeps,
): Promise<Message | null> {
  const event = await usage.quotaEvent(about);
  if (event === null) return null;
  onQuota(event);
  const key = await apiKeys.find(event.keyId);
  if (key === null || key.webhookUrl === null) return null;
  return { url: key.webhookUrl, keyId: key.id, body: JSON.stringify(quotaEventBody(event, key.name)) };
}
