import { SottoError } from '@sotto/contracts';
import type { RequestView, Runs } from '@sotto/queue';
import type { Request, Response } from 'express';
import { z } from 'zod';
import { localsOf } from '../http/locals.ts';

export const jobIdParam = { id: z.uuid().meta({ description: 'The `job_id` of an answer.' }) };

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/**
 * The job an address names, if it belongs to the caller.
 *
 * @throws SottoError `job_not_found` (also for another key's), `result_expired`.
 */
export async function findJob(request: Request, response: Response, runs: Pick<Runs, 'view'>): Promise<RequestView> {
  const id = String(request.params.id ?? '');
  const { keyId } = localsOf(response).principal;
  const view = UUID.test(id) ? await runs.view(id.toLowerCase(), keyId ?? undefined) : null;
  if (view === null) throw new SottoError('job_not_found', 'No job has this id.');
  if (view === 'expired') throw new SottoError('result_expired', 'Its result was kept as long as results are.');
  return view;
}
