import { SottoError } from '@sotto/contracts';
import type { RequestView, Runs } from '@sotto/queue';
import { z } from 'zod';
import { PathParams, uuid } from '../http/path-params.ts';
import type { Principal } from '../http/principal.ts';

export const jobParams = new PathParams(
  z.object({ id: uuid.meta({ description: 'A `job_id`.' }) }),
  'job_not_found',
  'No job has this id.',
);

/**
 * The job with this id, if it belongs to the caller.
 *
 * @throws SottoError `job_not_found` (also for another key's), `result_expired`.
 */
export async function findJob(id: string, { keyId }: Principal, runs: Pick<Runs, 'view'>): Promise<RequestView> {
  const view = await runs.view(id, keyId ?? undefined);
  if (view === null) throw jobParams.notFound();
  if (view === 'expired') throw new SottoError('result_expired', 'The result of this job is no longer stored.');
  return view;
}
