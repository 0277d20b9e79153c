import { SottoError } from '@sotto/contracts';
import type { RequestView, Runs } from '@sotto/queue';
import { z } from 'zod';
import { PathParams, uuid } from '../http/path-params.ts';
import type { Principal } from '../http/principal.ts';
import type { LostWork } from '../recovery/lost-work.ts';

export const jobParams = new PathParams(
  z.object({ id: uuid.meta({ description: 'A `job_id`.' }) }),
  'job_not_found',
  'No job has this id.',
);

export interface FindJobDeps {
  runs: Pick<Runs, 'view'>;
  lostWork: Pick<LostWork, 'restoreRequest'>;
}

/**
 * The job with this id, if it belongs to the caller.
 *
 * @throws SottoError `job_not_found` (also for another key's), `result_expired`.
 */
export function findJob(id: string, { keyId }: Principal, deps: FindJobDeps): Promise<RequestView> {
  return find(id, keyId ?? undefined, deps);
}

/**
 * For operators: whoever it belongs to.
 *
 * @throws SottoError `job_not_found`, `result_expired`.
 */
export function findAnyJob(id: string, deps: FindJobDeps): Promise<RequestView> {
  return find(id, undefined, deps);
}

async function find(id: string, owner: string | undefined, { runs, lostWork }: FindJobDeps): Promise<RequestView> {
  const look = () => runs.view(id, owner);
  const view = (await look()) ?? ((await lostWork.restoreRequest(id)) === 'restored' ? await look() : null);
  if (view === null) throw jobParams.notFound();
  if (view === 'expired') throw new SottoError('result_expired', 'The result of this job is no longer stored.');
  return view;
}
