import { wireWebhookSchema } from '@sotto/contracts';
import type { Webhooks } from '@sotto/queue';
import { type Endpoint, endpoint } from '../http/endpoint.ts';
import { type FindJobDeps, findJob, jobParams } from '../jobs/find.ts';
import { replayWebhook } from './replay.ts';
import { webhookView } from './webhook-view.ts';

export interface WebhookDeps extends FindJobDeps {
  webhooks: Webhooks;
}

const content = { 'application/json': wireWebhookSchema };

export function webhookEndpoints(deps: WebhookDeps): Endpoint[] {
  const { webhooks } = deps;
  return [
    endpoint({
      method: 'get',
      path: '/jobs/{id}/webhooks',
      tag: 'jobs',
      access: 'read',
      params: jobParams,
      summary: 'Deliveries of the webhook of a job',
      description: 'Every call of `webhook_url`, oldest first. Kept as long as the job.',
      answers: { 200: { description: 'The webhook and its calls.', content } },
      errors: ['job_not_found', 'result_expired', 'queue_unavailable', 'storage_unavailable'],
      handle: async ({ params, principal, response }) => {
        const view = await findJob(params.id, principal, deps);
        response
          .set('Cache-Control', 'no-store')
          .json(webhookView(view, await webhooks.history('request', view.request.id)));
      },
    }),
    endpoint({
      method: 'post',
      path: '/jobs/{id}/webhooks/replay',
      tag: 'jobs',
      access: 'transcribe',
      params: jobParams,
      summary: 'Redeliver the webhook of a finished job',
      audit: 'webhook.replay',
      description: 'Uses the same `webhook-id`, with up to ten attempts as before.',
      answers: { 202: { description: 'The webhook will be called.', content } },
      errors: [
        'job_not_found',
        'result_expired',
        'job_not_finished',
        'no_webhook',
        'queue_unavailable',
        'storage_unavailable',
      ],
      handle: async ({ params, principal, response }) => {
        const view = await findJob(params.id, principal, deps);
        await replayWebhook(view, webhooks);
        response.status(202).set('Cache-Control', 'no-store');
        response.json(webhookView(view, await webhooks.history('request', view.request.id)));
      },
    }),
  ];
}
