import type { Batches, BatchView } from '@sotto/queue';
import { z } from 'zod';
import { PathParams, uuid } from '../http/path-params.ts';
import type { Principal } from '../http/principal.ts';
import type { LostWork } from '../recovery/lost-work.ts';

export const batchParams = new PathParams(
  z.object({ id: uuid.meta({ description: 'A `batch_id`.' }) }),
  'batch_not_found',
  'No batch has this id, or it has expired.',
);

export interface FindBatchDeps {
  batches: Pick<Batches, 'view'>;
  lostWork: Pick<LostWork, 'restoreBatch'>;
}

/** @throws SottoError `batch_not_found`, also for another key's. */
export async function findBatch(
  id: string,
  { keyId }: Principal,
  { batches, lostWork }: FindBatchDeps,
): Promise<BatchView> {
  const look = () => batches.view(id, keyId ?? undefined);
  const view = (await look()) ?? ((await lostWork.restoreBatch(id)) === 'restored' ? await look() : null);
  if (view === null) throw batchParams.notFound();
  return view;
}
