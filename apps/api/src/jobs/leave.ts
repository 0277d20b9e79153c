import type { Producer, Runs } from '@sotto/queue';
import { type BlobStore, decodedKeysOf, type Manifests, resultKeyOf } from '@sotto/storage';
import type { ApiSettings } from '../settings/settings.ts';

export interface LeaveDeps {
  runs: Runs;
  producer: Producer;
  storage: BlobStore;
  manifests: Manifests;
  settings: Pick<ApiSettings, 'keepAfterEndMs'>;
}

/** Deletes an ended job; after the last one, its run, the result and what is still kept of the recording go too. */
export async function forgetJob(
  jobId: string,
  { runs, storage, manifests }: Pick<LeaveDeps, 'runs' | 'storage' | 'manifests'>,
): Promise<void> {
  const view = await runs.view(jobId);
  // First, and if it fails nothing is deleted: nothing would tell afterwards that the job must not be made anew.
  await manifests.remove(jobId);
  const { outcome, blobKey } = await runs.forget(jobId);
  const left = blobKey === null ? [] : [blobKey];
  if (outcome === 'run_forgotten' && view !== null && view !== 'expired') {
    left.push(view.run.upload.blobKey, ...decodedKeysOf(view.run));
    if (view.run.kind === 'speech') left.push(resultKeyOf(view.run.id));
  }
  // The job is deleted in any case; what cannot be removed now is removed by the sweep.
  for (const key of left) await storage.delete(key).catch(() => {});
}

/** Detaches a request from its run; after the last one, the run is cancelled and its upload removed. */
export async function leaveRun(jobId: string, deps: LeaveDeps): Promise<void> {
  const { runs, producer, storage, manifests, settings } = deps;
  // If it cannot be removed now, the ManifestSweep does it: for a while, the job is known to be cancelled.
  await manifests.remove(jobId).catch(() => {});
  const { run, last } = await runs.detach(jobId);
  if (!last || run === null) return;
  await producer.cancel(run);
  // There may be no worker to do it. One that is reading the upload keeps its open file, and is told to stop. If Redis may
  // lose this end too, the run goes on, and others may join it: then the workers remove the upload when it is time, or, if
  // there is none, the sweep.
  if (settings.keepAfterEndMs === 0) await storage.delete(run.upload.blobKey);
}
