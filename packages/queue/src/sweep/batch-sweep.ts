import type { Batches } from '../batches/batches.ts';
import { takeBackRequest } from '../jobs/accept.ts';
import type { Producer } from '../jobs/producer.ts';
import type { Runs } from '../runs/runs.ts';

/**
 * Drops batches whose process died before they were accepted, and repairs the others. One that cannot be read is left
 * to builds that can.
 *
 * @returns staged uploads of the dropped ones.
 */
export async function sweepBatches(batches: Batches, runs: Runs, producer: Producer): Promise<string[]> {
  const abandoned: string[] = [];
  for (const id of await batches.open()) {
    const dropped = await batches.drop(id, false);
    if (dropped === null) {
      await batches.repair(id);
      continue;
    }
    for (const requestId of dropped.requestIds) await takeBackRequest(requestId, runs, producer);
    await batches.forget(id);
    abandoned.push(...dropped.blobKeys);
  }
  return abandoned;
}
