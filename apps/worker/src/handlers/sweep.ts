import type { Handlers, Sweeper } from '@sotto/queue';
import { type BlobStore, blobNameOf } from '@sotto/storage';
import type { OnWorkerEvent } from '../events/worker-event.ts';
import type { OutboxReaders } from '../outbox/outbox-readers.ts';

export interface SweepDeps {
  sweeper: Sweeper;
  blobs: BlobStore;
  /**
   * Younger blobs are left alone. Far longer than an upload takes to become a run, or decoded audio to become a plan:
   * in between, nothing else says that they are needed.
   */
  leftoverAgeMs: number;
  onEvent: OnWorkerEvent;
  outbox: Pick<OutboxReaders, 'wake'>;
}

/** Mends runs whose job has vanished, and webhooks nobody took up; then removes blobs that no run needs and what dead writers left. */
export function sweepHandler(deps: SweepDeps): Handlers['sweep'] {
  return async (_payload, { signal }) => {
    const { sweeper, blobs, leftoverAgeMs, onEvent } = deps;
    const report = await sweeper.sweep();
    deps.outbox.wake();
    const newestMs = Date.now() - leftoverAgeMs;
    let removed = await removeResults(deps, signal);
    for (const kind of ['uploads', 'audio'] as const) {
      for await (const { key, modifiedMs } of blobs.list(kind)) {
        signal.throwIfAborted();
        if (modifiedMs > newestMs || report.blobKeysInUse.has(key)) continue;
        if (await blobs.delete(key)) removed++;
      }
    }
    for (const key of report.abandonedBlobKeys) {
      if (!report.blobKeysInUse.has(key) && (await blobs.delete(key))) removed++;
    }
    const temporary = await blobs.sweepTemporary(leftoverAgeMs);
    onEvent({
      type: 'swept',
      blobs: removed,
      temporary,
      resubmitted: report.resubmitted.length,
      failed: report.failed.length,
      cancelled: report.cancelled.length,
    });
  };
}

/** Asked of Redis at once. */
const PAGE = 500;

/** Results in storage go with their run, whose name they have. */
async function removeResults({ sweeper, blobs }: SweepDeps, signal: AbortSignal): Promise<number> {
  let removed = 0;
  const remove = async (keys: readonly string[]) => {
    signal.throwIfAborted();
    const forgotten = await sweeper.forgotten(keys.map(blobNameOf));
    for (const key of keys) if (forgotten.has(blobNameOf(key)) && (await blobs.delete(key))) removed++;
  };
  let page: string[] = [];
  for await (const { key } of blobs.list('results')) {
    page.push(key);
    if (page.length < PAGE) continue;
    await remove(page);
    page = [];
  }
  if (page.length > 0) await remove(page);
  return removed;
}
