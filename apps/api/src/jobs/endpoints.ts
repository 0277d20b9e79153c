import { type Run, STATUSES, wireJobListSchema, wireStatusSchema } from '@sotto/contracts';
import { CATALOG, type CostUnit, type FairShares, type RequestView } from '@sotto/queue';
import { z } from 'zod';
import type { Sampled } from '../fleet/sampled.ts';
import type { WorkerDirectory } from '../fleet/worker-directory.ts';
import { type Endpoint, endpoint } from '../http/endpoint.ts';
import { sendJsonWith } from '../http/send-json.ts';
import type { Results } from '../results/results.ts';
import { costPerMs, estimateEndMs, hasOwnPace } from './estimate.ts';
import { type FindJobDeps, findJob, jobParams } from './find.ts';
import { forgetJob, type LeaveDeps, leaveRun } from './leave.ts';
import { shownResult } from './shown-result.ts';
import { statusView } from './status-view.ts';

export interface JobsDeps extends LeaveDeps, Pick<FindJobDeps, 'lostWork'> {
  results: Results;
  directory: WorkerDirectory;
  /** Unfinished work, as of a moment ago, by the unit of its cost. */
  shares: Readonly<Record<CostUnit, Sampled<FairShares>>>;
}

/** Only runs younger than this are worth a fresh look when the sample does not have them. */
const NEW_MS = 10_000;
const MAX_PAGE = 100;

const listQuery = z.strictObject({
  status: z.enum(STATUSES).optional(),
  cursor: z.string().max(200).optional().meta({ description: '`next_cursor` of the previous page.' }),
  limit: z.coerce.number().int().min(1).max(MAX_PAGE).default(20),
});

const statusAnswer = { description: 'The job.', content: { 'application/json': wireStatusSchema } };

export function jobEndpoints(deps: JobsDeps): Endpoint[] {
  return [
    statusEndpoint('/status/{id}', deps),
    listEndpoint(deps),
    statusEndpoint('/jobs/{id}', deps),
    deleteEndpoint(deps),
  ];
}

function statusEndpoint(path: string, deps: JobsDeps): Endpoint {
  return endpoint({
    method: 'get',
    path,
    summary: 'Get the status of a job',
    tag: 'jobs',
    access: 'read',
    params: jobParams,
    answers: { 200: statusAnswer },
    errors: ['job_not_found', 'result_expired', 'queue_unavailable', 'storage_unavailable', 'service_full'],
    handle: async ({ params, principal, request, response }) => {
      const { baseUrl } = request;
      const view = await findJob(params.id, principal, deps);
      const estimatedEndMs = await estimate(view, deps);
      const result = await shownResult(view, deps.results, response);
      const status = statusView(view, { baseUrl, estimatedEndMs });
      response.set('Cache-Control', 'no-store');
      if (result === null) response.json(status);
      else sendJsonWith(response, status, result.field, result.json);
    },
  });
}

async function estimate({ run }: RequestView, deps: JobsDeps): Promise<number | null> {
  if (run.status !== 'processing') return null;
  const perMs = costPerMs(run.kind, await deps.directory.fleet());
  const shares = perMs === null || hasOwnPace(run) ? null : await sharesWith(run, deps);
  return estimateEndMs(run, shares, perMs, Date.now());
}

/** A run that was just accepted is not in a sample from a moment ago. */
async function sharesWith(run: Run, { shares: byUnit }: JobsDeps): Promise<FairShares> {
  const shares = byUnit[CATALOG.run(run.kind).unit];
  const lately = await shares.value();
  const isMissing = !lately.has(run.id) && Date.now() - run.createdAtMs < NEW_MS;
  return isMissing ? shares.fresh() : lately;
}

function listEndpoint({ runs }: JobsDeps): Endpoint {
  return endpoint({
    method: 'get',
    path: '/jobs',
    isRead: true,
    summary: 'List jobs, newest first',
    description: 'Without their results. A key sees only its own jobs.',
    tag: 'jobs',
    access: 'read',
    query: listQuery,
    answers: { 200: { description: 'A page of jobs.', content: { 'application/json': wireJobListSchema } } },
    errors: ['invalid_parameter', 'queue_unavailable'],
    handle: async ({ query, principal, request, response }) => {
      const { status, cursor, limit } = query;
      const { keyId } = principal;
      const page = await runs.list({ keyId, limit, ...(status && { status }), ...(cursor && { cursor }) });
      response.set('Cache-Control', 'no-store').json({
        jobs: page.items.map((view) => statusView(view, { baseUrl: request.baseUrl })),
        next_cursor: page.nextCursor,
      } satisfies z.infer<typeof wireJobListSchema>);
    },
  });
}

function deleteEndpoint(deps: JobsDeps): Endpoint {
  return endpoint({
    method: 'delete',
    path: '/jobs/{id}',
    summary: 'Cancel or delete a job',
    description:
      'A running job is cancelled (200 with its status). A finished job is deleted together with its result (204).',
    tag: 'jobs',
    access: 'transcribe',
    audit: 'job.delete',
    params: jobParams,
    answers: { 200: statusAnswer, 204: { description: 'Deleted.', content: {} } },
    errors: ['job_not_found', 'result_expired', 'queue_unavailable', 'storage_unavailable'],
    handle: async ({ params, principal, request, response }) => {
      const { request: job, run } = await findJob(params.id, principal, deps);
      if (run.status !== 'processing') {
        await forgetJob(job.id, deps);
        response.status(204).end();
        return;
      }
      await leaveRun(job.id, deps);
      const after = await findJob(params.id, principal, deps);
      response.json(statusView(after, { baseUrl: request.baseUrl }));
    },
  });
}
