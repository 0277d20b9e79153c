import { type Batches, type BatchView, batchItemStatus } from '@sotto/queue';
import { batchManifestName } from '@sotto/storage';
import { forgetJob, type LeaveDeps, leaveRun } from '../jobs/leave.ts';

export interface EndBatchDeps extends LeaveDeps {
  batches: Batches;
}

/** Cancels the unfinished recordings and keeps the rest. After that, the batch has ended. */
export async function cancelBatch({ batch, items }: BatchView, deps: EndBatchDeps): Promise<void> {
  await deps.batches.markCancelled(batch.id);
  // Its unfinished recordings are not made anew any more: the batch has ended.
  await deps.manifests.remove(batchManifestName(batch.id)).catch(() => {});
  for (const { item, view } of items) {
    if (item.requestId === null || view?.run.status !== 'processing') continue;
    await leaveRun(item.requestId, deps);
  }
  // Some may have ended differently in the meantime: look again.
  const after = await deps.batches.view(batch.id);
  for (const seen of after?.items ?? []) {
    const status = batchItemStatus(seen);
    if (seen.item.requestId === null || status === 'queued' || status === 'processing') continue;
    await deps.batches.settle(batch.id, seen.item.requestId, status);
  }
}

/** Deletes an ended batch with all its results. */
export async function deleteBatch({ batch, items }: BatchView, deps: EndBatchDeps): Promise<void> {
  await deps.manifests.remove(batchManifestName(batch.id));
  for (const { item } of items) if (item.requestId !== null) await forgetJob(item.requestId, deps);
  await deps.batches.forget(batch.id);
}
