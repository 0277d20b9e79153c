import { SottoError, wireBatchWebhookSchema } from '@sotto/contracts';
import type { Webhooks } from '@sotto/queue';
import { type Endpoint, endpoint } from '../http/endpoint.ts';
import { batchWebhookView } from '../webhooks/webhook-view.ts';
import { batchParams, type FindBatchDeps, findBatch } from './find.ts';

export interface BatchWebhookDeps extends FindBatchDeps {
  webhooks: Webhooks;
}

const content = { 'application/json': wireBatchWebhookSchema };

/** Like those of jobs, for the one webhook of a batch. */
export function batchWebhookEndpoints(deps: BatchWebhookDeps): Endpoint[] {
  const { webhooks } = deps;
  return [
    endpoint({
      method: 'get',
      path: '/batches/{id}/webhooks',
      tag: 'jobs',
      access: 'read',
      params: batchParams,
      summary: 'Deliveries of the webhook of a batch',
      description: 'Every call of `webhook_url`, oldest first. Kept as long as the batch.',
      answers: { 200: { description: 'The webhook and its calls.', content } },
      errors: ['batch_not_found', 'queue_unavailable', 'storage_unavailable'],
      handle: async ({ params, principal, response }) => {
        const view = await findBatch(params.id, principal, deps);
        const history = await webhooks.history('batch', view.batch.id);
        response.set('Cache-Control', 'no-store').json(batchWebhookView(view, history));
      },
    }),
    endpoint({
      method: 'post',
      path: '/batches/{id}/webhooks/replay',
      tag: 'jobs',
      access: 'transcribe',
      params: batchParams,
      summary: 'Redeliver the webhook of a finished batch',
      audit: 'webhook.replay',
      description: 'Uses the same `webhook-id`, with up to ten attempts as before.',
      answers: { 202: { description: 'The webhook will be called.', content } },
      errors: ['batch_not_found', 'job_not_finished', 'no_webhook', 'queue_unavailable', 'storage_unavailable'],
      handle: async ({ params, principal, response }) => {
        const view = await findBatch(params.id, principal, deps);
        const { id, status, delivery } = view.batch;
        if (delivery.webhookUrl === undefined) throw new SottoError('no_webhook', 'The request had no webhook_url.');
        if (status === 'processing') {
          throw new SottoError('job_not_finished', 'The webhook is delivered when the work has finished.', {
            retryAfterSeconds: 1,
          });
        }
        await webhooks.replay('batch', id);
        response.status(202).set('Cache-Control', 'no-store');
        response.json(batchWebhookView(view, await webhooks.history('batch', id)));
      },
    }),
  ];
}
