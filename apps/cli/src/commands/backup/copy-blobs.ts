import { SottoError } from '@sotto/contracts';
import { BLOB_KINDS, type BlobStore } from '@sotto/storage';
import type { ArchiveWriter } from '../../archive/writer.ts';

const isGone = (error: unknown): boolean => error instanceof SottoError && error.code === 'blob_missing';

/** Writes the blobs that `done` does not have yet, and adds them to it. */
export async function copyBlobs(
  blobs: BlobStore,
  archive: ArchiveWriter,
  done: Set<string>,
  signal: AbortSignal,
): Promise<void> {
  for (const kind of BLOB_KINDS) {
    for await (const { key } of blobs.list(kind)) {
      signal.throwIfAborted();
      if (!done.has(key) && (await copyBlob(key, blobs, archive))) done.add(key);
    }
  }
}

async function copyBlob(key: string, blobs: BlobStore, archive: ArchiveWriter): Promise<boolean> {
  const content = await blobs.openRead(key).catch((error: unknown) => {
    if (isGone(error)) return null;
    throw error;
  });
  // Its work ended since the list was made.
  return content !== null && archive.blob(key, content, isGone);
}
