import type { Batches, DroppedBatch } from '../batches/batches.ts';
import { takeBackRequest } from '../jobs/accept.ts';
import type { Producer } from '../jobs/producer.ts';
import type { Runs } from '../runs/runs.ts';

/** Whether a batch has been accepted although Redis does not know it, or not any more. */
export type IsAccepted = (batchId: string) => Promise<boolean>;

/**
 * Drops batches whose process died before they were accepted, and repairs the others. One that cannot be read is left
 * to builds that can.
 *
 * @returns what the dropped ones leave, beside what was in Redis.
 */
export async function sweepBatches(
  batches: Batches,
  runs: Runs,
  producer: Producer,
  isAccepted: IsAccepted,
): Promise<DroppedBatch> {
  const abandoned: DroppedBatch = { requestIds: [], blobKeys: [] };
  for (const id of await batches.open()) {
    const dropped = (await batches.isLeft(id)) && !(await isAccepted(id)) ? await batches.drop(id, false) : null;
    if (dropped === null) {
      await batches.repair(id);
      continue;
    }
    for (const requestId of dropped.requestIds) await takeBackRequest(requestId, runs, producer);
    await batches.forget(id);
    abandoned.requestIds.push(...dropped.requestIds);
    abandoned.blobKeys.push(...dropped.blobKeys);
  }
  return abandoned;
}
