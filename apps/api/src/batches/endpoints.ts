import { SottoError, wireBatchSchema } from '@sotto/contracts';
import { type BatchView, batchCounts } from '@sotto/queue';
import type { Request, Response } from 'express';
import { fleetRtfx } from '../fleet/worker-directory.ts';
import { type Endpoint, endpoint } from '../http/endpoint.ts';
import { renderingChoiceOf, renderingQuery } from '../results/rendering-query.ts';
import type { Results } from '../results/results.ts';
import { KEEP_ERRORS, UPLOAD_ERRORS } from '../transcriptions/accept-upload.ts';
import { REFERENCE_ERRORS } from '../transcriptions/transcribe.ts';
import { type AcceptBatchDeps, acceptBatch } from './accept-batch.ts';
import { batchUrl, batchView } from './batch-view.ts';
import { cancelBatch, deleteBatch } from './end-batch.ts';
import { batchParams, findBatch } from './find.ts';
import { batchBody } from './form.ts';
import { sendArchive } from './results-archive.ts';
import { type BatchWebhookDeps, batchWebhookEndpoints } from './webhooks.ts';

const content = { 'application/json': wireBatchSchema };

export interface BatchesDeps extends Omit<BatchWebhookDeps, 'batches'>, AcceptBatchDeps {
  results: Results;
}

export function batchEndpoints(deps: BatchesDeps): Endpoint[] {
  return [
    acceptEndpoint(deps),
    statusEndpoint(deps),
    deleteEndpoint(deps),
    resultsEndpoint(deps),
    ...batchWebhookEndpoints(deps),
  ];
}

function acceptEndpoint(deps: AcceptBatchDeps): Endpoint {
  return endpoint({
    method: 'post',
    path: '/batches',
    tag: 'transcription',
    access: 'transcribe',
    createsWork: true,
    summary: 'Transcribe many recordings with the same options',
    description: [
      'Send files, addresses (`url`), ids of finished resumable uploads (`upload_id`), or a mix. Each recording becomes a job; one that cannot be accepted is listed with its error',
      'and does not affect the others. The response is sent when all recordings have been received and stored.',
    ].join(' '),
    streamedBody: batchBody,
    answers: { 202: { description: 'Accepted.', content, headers: { Location: 'Address of the batch.' } } },
    errors: [...UPLOAD_ERRORS, ...KEEP_ERRORS, ...REFERENCE_ERRORS, 'batch_too_large', 'nothing_accepted'],
    handle: async ({ request, response }) => {
      const id = await acceptBatch(request, response, deps);
      const view = await deps.batches.view(id);
      if (view === null) throw new SottoError('internal_error', 'The batch disappeared while it was being accepted.');
      response.status(202).location(batchUrl(request.baseUrl, id));
      await sendView(request, response, view, deps);
    },
  });
}

function statusEndpoint(deps: BatchesDeps): Endpoint {
  return endpoint({
    method: 'get',
    path: '/batches/{id}',
    tag: 'jobs',
    access: 'read',
    params: batchParams,
    summary: 'Get the status of a batch',
    description: 'Counts by status, and every recording in the order it was sent.',
    answers: { 200: { description: 'The batch.', content } },
    errors: ['batch_not_found', 'queue_unavailable', 'storage_unavailable'],
    handle: async ({ params, principal, request, response }) =>
      sendView(request, response, await findBatch(params.id, principal, deps), deps),
  });
}

function deleteEndpoint(deps: BatchesDeps): Endpoint {
  return endpoint({
    method: 'delete',
    path: '/batches/{id}',
    tag: 'jobs',
    access: 'transcribe',
    audit: 'job.delete',
    params: batchParams,
    summary: 'Cancel or delete a batch',
    description:
      'Recordings of a running batch that have not finished are cancelled; the rest stays (200 with the batch). A finished batch is deleted together with all its results (204).',
    answers: { 200: { description: 'The batch.', content }, 204: { description: 'Deleted.', content: {} } },
    errors: ['batch_not_found', 'queue_unavailable', 'storage_unavailable'],
    handle: async ({ params, principal, request, response }) => {
      const view = await findBatch(params.id, principal, deps);
      if (view.batch.status === 'processing') {
        await cancelBatch(view, deps);
        await sendView(request, response, await findBatch(params.id, principal, deps), deps);
        return;
      }
      await deleteBatch(view, deps);
      response.status(204).end();
    },
  });
}

function resultsEndpoint(deps: BatchesDeps): Endpoint {
  return endpoint({
    method: 'get',
    path: '/batches/{id}/results',
    isRead: true,
    tag: 'jobs',
    access: 'read',
    params: batchParams,
    query: renderingQuery,
    summary: 'Download all results of a batch as a ZIP file, in any format',
    description: 'One file per recording, named after it; `errors.json` lists recordings without a result.',
    answers: { 200: { description: 'The archive.', content: { 'application/zip': null } } },
    errors: ['batch_not_found', 'job_not_finished', 'invalid_parameter', 'queue_unavailable', 'storage_unavailable'],
    handle: async ({ params, query, principal, response }) => {
      const view = await findBatch(params.id, principal, deps);
      if (view.batch.status === 'processing') {
        const { total, queued, processing } = batchCounts(view.items);
        const detail = `${total - queued - processing} of ${total} recordings have finished.`;
        throw new SottoError('job_not_finished', detail, { retryAfterSeconds: 5 });
      }
      response.set('Cache-Control', 'private, no-store');
      await sendArchive(response, view, renderingChoiceOf(query), deps.results);
    },
  });
}

async function sendView(
  request: Request,
  response: Response,
  view: BatchView,
  { directory }: AcceptBatchDeps,
): Promise<void> {
  const rtfx = view.batch.status === 'processing' ? fleetRtfx(await directory.fleet()) : null;
  response.set('Cache-Control', 'no-store');
  response.json(batchView(view, { baseUrl: request.baseUrl, rtfx, nowMs: Date.now() }));
}
