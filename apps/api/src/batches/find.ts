import type { Batches, BatchView } from '@sotto/queue';
import { z } from 'zod';
import { PathParams, uuid } from '../http/path-params.ts';
import type { Principal } from '../http/principal.ts';

export const batchParams = new PathParams(
  z.object({ id: uuid.meta({ description: 'A `batch_id`.' }) }),
  'batch_not_found',
  'No batch has this id, or it has expired.',
);

/** @throws SottoError `batch_not_found`, also for another key's. */
export async function findBatch(id: string, { keyId }: Principal, batches: Batches): Promise<BatchView> {
  const view = await batches.view(id, keyId ?? undefined);
  if (view === null) throw batchParams.notFound();
  return view;
}
