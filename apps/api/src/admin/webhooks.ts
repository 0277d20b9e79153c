import {
  toIso,
  type WireAdminWebhook,
  type WireAdminWebhookList,
  wireAdminWebhookListSchema,
  wireAdminWebhookSchema,
} from '@sotto/contracts';
import type { RequestView, Webhooks } from '@sotto/queue';
import { z } from 'zod';
import { type Endpoint, endpoint } from '../http/endpoint.ts';
import { type FindJobDeps, findAnyJob, jobParams } from '../jobs/find.ts';
import type { LeaveDeps } from '../jobs/leave.ts';
import { replayWebhook } from '../webhooks/replay.ts';
import { webhookView } from '../webhooks/webhook-view.ts';

export interface AdminWebhookDeps extends Pick<LeaveDeps, 'runs'>, Pick<FindJobDeps, 'lostWork'> {
  webhooks: Webhooks;
}

const MAX_PAGE = 100;

const listQuery = z.strictObject({
  key_id: z.string().max(64).optional().meta({ description: 'Only of jobs of this key.' }),
  cursor: z.string().max(200).optional().meta({ description: '`next_cursor` of the previous page.' }),
  limit: z.coerce.number().int().min(1).max(MAX_PAGE).default(50),
});

/** Deliveries of the webhooks of all jobs, for operators. */
export function adminWebhookEndpoints(deps: AdminWebhookDeps): Endpoint[] {
  const { runs, webhooks } = deps;
  const viewOf = async (view: RequestView): Promise<WireAdminWebhook> => ({
    ...webhookView(view, await webhooks.history('request', view.request.id)),
    key_id: view.request.keyId,
    file_name: view.request.fileName,
    created_at: toIso(view.request.createdAtMs),
  });
  return [
    endpoint({
      method: 'get',
      path: '/admin/webhooks',
      tag: 'admin',
      access: 'admin',
      summary: 'List deliveries of webhooks, newest job first',
      description:
        'Of jobs that have one, each with every call. A page may have fewer than requested, or none, and still have a `next_cursor`.',
      query: listQuery,
      answers: { 200: { description: 'A page.', content: { 'application/json': wireAdminWebhookListSchema } } },
      errors: ['invalid_parameter', 'queue_unavailable'],
      handle: async ({ query: { key_id: keyId = null, cursor, limit }, response }) => {
        const page = await runs.list({ keyId, limit, hasWebhook: true, ...(cursor && { cursor }) });
        const body: WireAdminWebhookList = {
          webhooks: await Promise.all(page.items.map(viewOf)),
          next_cursor: page.nextCursor,
        };
        response.set('Cache-Control', 'no-store').json(body);
      },
    }),
    endpoint({
      method: 'post',
      path: '/admin/jobs/{id}/webhooks/replay',
      tag: 'admin',
      access: 'admin',
      params: jobParams,
      summary: 'Redeliver the webhook of a job of any key',
      audit: 'webhook.replay',
      description: 'Uses the same `webhook-id`, with up to ten attempts as before.',
      answers: {
        202: { description: 'The webhook will be called.', content: { 'application/json': wireAdminWebhookSchema } },
      },
      errors: [
        'job_not_found',
        'result_expired',
        'job_not_finished',
        'no_webhook',
        'queue_unavailable',
        'storage_unavailable',
      ],
      handle: async ({ params: { id }, response }) => {
        const view = await findAnyJob(id, deps);
        await replayWebhook(view, webhooks);
        response
          .status(202)
          .set('Cache-Control', 'no-store')
          .json(await viewOf(view));
      },
    }),
  ];
}
