import type { KeyCopies, KeyCopy } from '@sotto/queue';
import { type BlobStore, type BlobWriter, blobNameOf, kindOf } from '@sotto/storage';
import { readArchive } from '../../archive/reader.ts';

/** Of keys that are written together. */
const BATCH_BYTES = 4 * 1024 * 1024;
const BATCH_KEYS = 500;

/** Each is durable when this returns. */
export async function restoreBlobs(path: string, blobs: BlobStore): Promise<void> {
  const writers: BlobWriter[] = [];
  try {
    await readArchive(path, {
      blobBegins: async (key) => void writers.push(await blobs.createWriter(kindOf(key), blobNameOf(key))),
      blobData: async (chunk) => writers.at(-1)?.write(chunk),
      blobEnds: async () => void (await writers.pop()?.commit()),
      blobGone: async () => writers.pop()?.abort(),
    });
  } finally {
    for (const writer of writers) await writer.abort();
  }
}

/** After the blobs, so that no row names one that is not there. */
export async function restoreLibraryLines(path: string, put: (line: string) => Promise<void>): Promise<void> {
  await readArchive(path, { libraryLine: put });
}

/** After the blobs, so that no key ever names one that is not there. */
export async function restoreKeys(path: string, copies: KeyCopies): Promise<void> {
  let batch: KeyCopy[] = [];
  let bytes = 0;
  const flush = async (): Promise<void> => {
    if (batch.length > 0) await copies.write(batch);
    batch = [];
    bytes = 0;
  };
  await readArchive(path, {
    key: async (copy) => {
      batch.push(copy);
      bytes += copy.dump.length;
      if (bytes >= BATCH_BYTES || batch.length >= BATCH_KEYS) await flush();
    },
  });
  await flush();
}
