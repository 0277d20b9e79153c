import { audioStaysUntilMs, type Runs } from '@sotto/queue';
import { type BlobStore, decodedKeysOf, type Manifests } from '@sotto/storage';

export interface CleanupDeps {
  runs: Runs;
  blobs: BlobStore;
  manifests: Manifests;
}

/**
 * Removes what an ended run no longer needs: the manifests of its requests, its decoded audio and its upload. Audio that was
 * to be kept for longer is left to the sweep. Does nothing while the run is processing, and is safe to repeat. What a killed process leaves here is found by the API's look at the
 * manifests, which therefore go first: without an upload, nothing could be made of them.
 */
export async function removeBlobsOf(runId: string, { runs, blobs, manifests }: CleanupDeps): Promise<void> {
  const run = await runs.run(runId);
  if (run?.status === 'processing') return;
  for (const requestId of await runs.requestsOf(runId)) await manifests.remove(requestId);
  if (run === null || Date.now() >= (audioStaysUntilMs(run, 0) ?? 0)) {
    for (const key of decodedKeysOf(run ?? { id: runId, durationMs: null, options: {} })) await blobs.delete(key);
  }
  if (run !== null) await blobs.delete(run.upload.blobKey);
}
