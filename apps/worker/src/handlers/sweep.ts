import type { Handlers, Sweeper } from '@sotto/queue';
import { BLOB_KINDS, type BlobStore } from '@sotto/storage';
import type { OnWorkerEvent } from '../events/worker-event.ts';
import type { WebhookRelay } from '../webhooks/relay.ts';

export interface SweepDeps {
  sweeper: Sweeper;
  blobs: BlobStore;
  /**
   * Younger blobs are left alone. Far longer than an upload takes to become a run, or decoded audio to become a plan:
   * in between, nothing else says that they are needed.
   */
  leftoverAgeMs: number;
  onEvent: OnWorkerEvent;
  relay: Pick<WebhookRelay, 'wake'>;
}

/** Mends runs whose job has vanished, and webhooks nobody took up; then removes blobs that no run needs and what dead writers left. */
export function sweepHandler(deps: SweepDeps): Handlers['sweep'] {
  return async (_payload, { signal }) => {
    const { sweeper, blobs, leftoverAgeMs, onEvent } = deps;
    const report = await sweeper.sweep();
    deps.relay.wake();
    const newestMs = Date.now() - leftoverAgeMs;
    let removed = 0;
    for (const kind of BLOB_KINDS) {
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
