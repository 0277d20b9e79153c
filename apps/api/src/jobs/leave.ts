import type { Producer, Runs } from '@sotto/queue';
import type { BlobStore } from '@sotto/storage';

export interface LeaveDeps {
  runs: Runs;
  producer: Producer;
  storage: BlobStore;
}

/** Deletes an ended job; after the last one, its run and the result go too. */
export async function forgetJob(jobId: string, { runs, storage }: Pick<LeaveDeps, 'runs' | 'storage'>): Promise<void> {
  const { blobKey } = await runs.forget(jobId);
  // The job is deleted in any case; what cannot be removed now is removed by the sweep.
  if (blobKey !== null) await storage.delete(blobKey).catch(() => {});
}

/** Detaches a request from its run; after the last one, the run is cancelled and its upload deleted. */
export async function leaveRun(jobId: string, { runs, producer, storage }: LeaveDeps): Promise<void> {
  const { run, last } = await runs.detach(jobId);
  if (!last || run === null) return;
  await producer.cancel(run);
  // There may be no worker to do it. One that is reading the upload keeps its open file, and is told to stop.
  await storage.delete(run.upload.blobKey);
}
