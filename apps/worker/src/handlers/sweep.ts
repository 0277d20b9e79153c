import type { Handlers, HeldBlobs, Sweeper } from '@sotto/queue';
import { type BlobStore, blobNameOf } from '@sotto/storage';
import type { OnWorkerEvent } from '../events/worker-event.ts';
import type { OutboxReaders } from '../outbox/outbox-readers.ts';

export interface SweepDeps {
  sweeper: Sweeper;
  blobs: BlobStore;
  /**
   * Younger blobs are left alone. Far longer than it takes to attach a run to an upload, or to store the plan of
   * decoded audio: until then, nothing else shows that they are needed.
   */
  leftoverAgeMs: number;
  onEvent: OnWorkerEvent;
  outbox: Pick<OutboxReaders, 'wake'>;
}

/**
 * Repairs runs whose job has vanished, reads the outbox, and removes blobs that no run needs and what dead processes
 * left half written.
 */
export function sweepHandler(deps: SweepDeps): Handlers['sweep'] {
  return async (_payload, { signal }) => {
    const { sweeper, blobs, leftoverAgeMs, onEvent } = deps;
    const report = await sweeper.sweep();
    deps.outbox.wake();
    const newestMs = Date.now() - leftoverAgeMs;
    let removed = await removeResults(deps, signal);
    const held: HeldBlobs = { uploads: 0, uploadBytes: 0, audioBytes: 0 };
    for (const kind of ['uploads', 'audio'] as const) {
      for await (const { key, modifiedMs, bytes } of blobs.list(kind)) {
        signal.throwIfAborted();
        if (modifiedMs > newestMs || report.blobKeysInUse.has(key)) countHeld(held, kind, bytes);
        else if (await blobs.delete(key)) removed++;
      }
    }
    for (const key of report.abandonedBlobKeys) {
      if (!report.blobKeysInUse.has(key) && (await blobs.delete(key))) removed++;
    }
    const temporary = await blobs.sweepTemporary(leftoverAgeMs);
    const mended = {
      resubmitted: report.resubmitted.length,
      failed: report.failed.length,
      cancelled: report.cancelled.length,
    };
    await sweeper.log.add({ ...mended, removed: removed + temporary }, held);
    onEvent({ type: 'swept', blobs: removed, temporary, ...mended });
  };
}

function countHeld(held: HeldBlobs, kind: 'uploads' | 'audio', bytes: number): void {
  if (kind === 'uploads') held.uploads++;
  held[kind === 'uploads' ? 'uploadBytes' : 'audioBytes'] += bytes;
}

/** Blobs that are checked in one round trip. */
const PAGE = 500;

/** Results in storage have the name of their run, and are removed when it has expired. */
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
