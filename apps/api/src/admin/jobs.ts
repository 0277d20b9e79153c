import { STATUSES, type WireAdminJobList, wireAdminJobListSchema, wireAdminJobSchema } from '@sotto/contracts';
import { z } from 'zod';
import { type Endpoint, endpoint } from '../http/endpoint.ts';
import { type FindJobDeps, findAnyJob, jobParams } from '../jobs/find.ts';
import { forgetJob, type LeaveDeps, leaveRun } from '../jobs/leave.ts';
import { adminJobView } from './job-view.ts';

export interface AdminJobDeps extends LeaveDeps, Pick<FindJobDeps, 'lostWork'> {}

const MAX_PAGE = 100;

const listQuery = z.strictObject({
  status: z.enum(STATUSES).optional(),
  key_id: z.string().max(64).optional().meta({ description: 'Only jobs of this key.' }),
  cursor: z.string().max(200).optional().meta({ description: '`next_cursor` of the previous page.' }),
  limit: z.coerce.number().int().min(1).max(MAX_PAGE).default(50),
});

const content = { 'application/json': wireAdminJobSchema };
const jobErrors = ['job_not_found', 'result_expired', 'queue_unavailable', 'storage_unavailable'] as const;

/** Jobs of all keys, for operators: not what was said in them. */
export function adminJobEndpoints(deps: AdminJobDeps): Endpoint[] {
  return [listEndpoint(deps), raiseEndpoint(deps), deleteEndpoint(deps)];
}

function listEndpoint({ runs }: AdminJobDeps): Endpoint {
  return endpoint({
    method: 'get',
    path: '/admin/jobs',
    tag: 'admin',
    access: 'admin',
    summary: 'List the jobs of all keys, newest first',
    description: 'Without what was said in them.',
    query: listQuery,
    answers: { 200: { description: 'A page of jobs.', content: { 'application/json': wireAdminJobListSchema } } },
    errors: ['invalid_parameter', 'queue_unavailable'],
    handle: async ({ query: { status, key_id: keyId = null, cursor, limit }, response }) => {
      const page = await runs.list({ keyId, limit, ...(status && { status }), ...(cursor && { cursor }) });
      const body: WireAdminJobList = { jobs: page.items.map(adminJobView), next_cursor: page.nextCursor };
      response.set('Cache-Control', 'no-store').json(body);
    },
  });
}

function raiseEndpoint(deps: AdminJobDeps): Endpoint {
  return endpoint({
    method: 'post',
    path: '/admin/jobs/{id}/raise',
    tag: 'admin',
    access: 'admin',
    params: jobParams,
    summary: 'Bring a job into the interactive lane',
    audit: 'job.raise',
    description:
      'Its waiting parts come before the whole batch lane, in the order of their keys. A job that has ended stays as it is.',
    answers: { 200: { description: 'The job.', content } },
    errors: [...jobErrors],
    handle: async ({ params: { id }, response }) => {
      await findAnyJob(id, deps);
      const raised = await deps.runs.raise(id);
      if (raised !== null) await deps.producer.moveUp(raised);
      response.set('Cache-Control', 'no-store').json(adminJobView(await findAnyJob(id, deps)));
    },
  });
}

function deleteEndpoint(deps: AdminJobDeps): Endpoint {
  return endpoint({
    method: 'delete',
    path: '/admin/jobs/{id}',
    tag: 'admin',
    access: 'admin',
    params: jobParams,
    summary: 'Cancel or delete a job of any key',
    audit: 'job.delete',
    description:
      'A running job is cancelled (200 with its status). A finished job is deleted together with its result (204).',
    answers: { 200: { description: 'The job.', content }, 204: { description: 'Deleted.', content: {} } },
    errors: [...jobErrors],
    handle: async ({ params: { id }, response }) => {
      const { run } = await findAnyJob(id, deps);
      if (run.status !== 'processing') {
        await forgetJob(id, deps);
        response.status(204).end();
        return;
      }
      await leaveRun(id, deps);
      response.set('Cache-Control', 'no-store').json(adminJobView(await findAnyJob(id, deps)));
    },
  });
}
