import type { BlobClient } from '@azure/storage-blob';

const POLL_MS = 100;

/** By the server itself, within its account, where that takes no time and no room is read. @throws RestError */
export async function copyWithin(source: BlobClient, target: BlobClient): Promise<void> {
  const poller = await target.beginCopyFromURL(source.url, { intervalInMs: POLL_MS });
  const { copyStatus } = await poller.pollUntilDone();
  if (copyStatus !== 'success') throw new Error(`A copy ended as ${copyStatus}.`);
}
