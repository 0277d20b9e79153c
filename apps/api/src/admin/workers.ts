import { toWireWorker, type WireWorkerList, wireWorkerListSchema, wireWorkerSchema } from '@sotto/contracts';
import type { WorkerDrains } from '@sotto/queue';
import { z } from 'zod';
import type { WorkerDirectory } from '../fleet/worker-directory.ts';
import { type Endpoint, endpoint } from '../http/endpoint.ts';
import { PathParams } from '../http/path-params.ts';

export interface AdminWorkerDeps {
  directory: WorkerDirectory;
  workerDrains: WorkerDrains;
}

const workerParams = new PathParams(
  z.object({ id: z.string().max(200).meta({ description: 'Id of the worker, as shown in the list.' }) }),
  'worker_not_found',
  'No worker that is running has this id.',
);

/** The workers of the service, for operators. */
export function workerEndpoints(deps: AdminWorkerDeps): Endpoint[] {
  return [listEndpoint(deps), drainEndpoint('post', deps), drainEndpoint('delete', deps)];
}

function listEndpoint({ directory }: AdminWorkerDeps): Endpoint {
  return endpoint({
    method: 'get',
    path: '/admin/workers',
    tag: 'admin',
    access: 'admin',
    summary: 'List the workers that are running',
    description: 'As each of them last reported: a worker that has been silent for 15 s is not listed.',
    answers: { 200: { description: 'The workers.', content: { 'application/json': wireWorkerListSchema } } },
    errors: ['queue_unavailable'],
    handle: async ({ response }) => {
      const { workers } = await directory.fleet();
      const body: WireWorkerList = { workers: workers.map(toWireWorker) };
      response.set('Cache-Control', 'no-store').json(body);
    },
  });
}

function drainEndpoint(method: 'post' | 'delete', { directory, workerDrains }: AdminWorkerDeps): Endpoint {
  const begins = method === 'post';
  return endpoint({
    method,
    path: '/admin/workers/{id}/drain',
    tag: 'admin',
    access: 'admin',
    params: workerParams,
    summary: begins ? 'Have a worker take no new jobs' : 'Have a worker take jobs again',
    audit: 'worker.drain',
    description: begins
      ? 'It finishes those it has and stays: `slots_busy` tells when it is idle and can be stopped. Takes effect within two seconds (`draining`), until it is taken back or the worker starts anew.'
      : 'Takes effect within two seconds.',
    answers: {
      202: {
        description: 'The worker, as it last reported.',
        content: { 'application/json': wireWorkerSchema },
      },
    },
    errors: ['worker_not_found', 'queue_unavailable'],
    handle: async ({ params: { id }, response }) => {
      const worker = (await directory.freshFleet()).workers.find(({ workerId }) => workerId === id);
      if (worker === undefined) throw workerParams.notFound();
      if (begins) await workerDrains.begin(id);
      else await workerDrains.end(id);
      response.status(202).set('Cache-Control', 'no-store').json(toWireWorker(worker));
    },
  });
}
