import type { Batches } from '../batches/batches.ts';
import { takeBackRequest } from '../jobs/accept.ts';
import type { Producer } from '../jobs/producer.ts';
import type { Runs } from '../runs/runs.ts';

/**
 * Drops batches whose process died before they were accepted, and mends the others; one that cannot be read is left to
 * those who can.
 *
 * @returns uploads of those dropped.
 */
export async function sweepBatches(batches: Batches, runs: Runs, producer: Producer): Promise<string[]> {
  const abandoned: string[] = [];
  for (const id of await batches.open()) {
    const dropped = await batches.drop(id, false);
    if (dropped === null) {
      await batches.mend(id);
      continue;
    }
    for (const requestId of dropped.requestIds) await takeBackRequest(requestId, runs, producer);
    await batches.forget(id);
    abandoned.push(...dropped.blobKeys);
  }
  return abandoned;
}
