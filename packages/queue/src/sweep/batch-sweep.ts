import type { Batches } from '../batches/batches.ts';
import { takeBackRequest } from '../jobs/accept.ts';
import type { Producer } from '../jobs/producer.ts';
import { UnreadableRecord } from '../redis/readable.ts';
import type { Runs } from '../runs/runs.ts';

/**
 * Drops batches whose process died before they were accepted, and mends the others; one that cannot be read is left to
 * those who can.
 *
 * @returns uploads of those dropped.
 */
export async function sweepBatches(
  batches: Batches,
  runs: Runs,
  producer: Producer,
  onUnreadable: (batchId: string, reason: UnreadableRecord) => void,
): Promise<string[]> {
  const abandoned: string[] = [];
  for (const id of await batches.open()) {
    try {
      abandoned.push(...(await sweepBatch(id, batches, runs, producer)));
    } catch (error) {
      if (!(error instanceof UnreadableRecord)) throw error;
      onUnreadable(id, error);
    }
  }
  return abandoned;
}

async function sweepBatch(id: string, batches: Batches, runs: Runs, producer: Producer): Promise<string[]> {
  const dropped = await batches.drop(id, false);
  if (dropped === null) {
    await batches.mend(id);
    return [];
  }
  for (const requestId of dropped.requestIds) await takeBackRequest(requestId, runs, producer);
  await batches.forget(id);
  return dropped.blobKeys;
}
