import type { Producer, Runs } from '@sotto/queue';
import type { BlobStore } from '@sotto/storage';

export interface LeaveDeps {
  runs: Runs;
  producer: Producer;
  storage: BlobStore;
}

/** A request leaves its run; when it was the last, the run is cancelled and its upload deleted. */
export async function leaveRun(jobId: string, { runs, producer, storage }: LeaveDeps): Promise<void> {
  const { run, last } = await runs.detach(jobId);
  if (!last || run === null) return;
  await producer.cancel(run);
  // No worker may be there to do it. One that reads the upload now keeps its open file, and is told to stop.
  await storage.delete(run.upload.blobKey);
}
