import { toWireWorker, type WireWorkerList, wireWorkerListSchema } from '@sotto/contracts';
import type { WorkerDirectory } from '../fleet/worker-directory.ts';
import { type Endpoint, endpoint } from '../http/endpoint.ts';

export function workersEndpoint({ directory }: { directory: Pick<WorkerDirectory, 'fleet'> }): Endpoint {
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
