import { SottoError } from '@sotto/contracts';
import type { Batches, BatchView } from '@sotto/queue';
import type { Request, Response } from 'express';
import { z } from 'zod';
import { localsOf } from '../http/locals.ts';

export const batchIdParam = { id: z.uuid().meta({ description: 'The `batch_id` of an answer.' }) };

/** @throws SottoError `batch_not_found`, also for another key's. */
export async function findBatch(request: Request, response: Response, batches: Batches): Promise<BatchView> {
  const id = batchIdParam.id.safeParse(String(request.params.id ?? '').toLowerCase());
  const { keyId } = localsOf(response).principal;
  const view = id.success ? await batches.view(id.data, keyId ?? undefined) : null;
  if (view !== null) return view;
  throw new SottoError('batch_not_found', 'No batch has this id, or it has reached the end of its keeping time.');
}
