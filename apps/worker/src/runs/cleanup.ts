import type { Runs } from '@sotto/queue';
import type { BlobStore } from '@sotto/storage';
import { audioKeyOf } from './audio.ts';

/**
 * Removes what an ended run no longer needs: its upload and its decoded audio. Does nothing while the run is
 * processing, and is safe to repeat. The sweep finds what a killed process leaves here.
 */
export async function removeBlobsOf(runId: string, { runs, blobs }: { runs: Runs; blobs: BlobStore }): Promise<void> {
  const run = await runs.run(runId);
  if (run?.status === 'processing') return;
  await blobs.delete(audioKeyOf(runId));
  if (run !== null) await blobs.delete(run.upload.blobKey);
}
