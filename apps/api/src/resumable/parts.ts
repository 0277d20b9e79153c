import type { UploadPart } from '@sotto/queue';
import type { BlobStore } from '@sotto/storage';

/** The bytes of an upload, part by part. */
export async function* bytesOf(parts: readonly UploadPart[], storage: BlobStore): AsyncGenerator<Buffer> {
  for (const { blobKey } of parts) yield* (await storage.openRead(blobKey)) as AsyncIterable<Buffer>;
}

export async function headOf(parts: readonly UploadPart[], storage: BlobStore, bytes: number): Promise<Buffer> {
  let head = Buffer.alloc(0);
  for (const { blobKey } of parts) {
    if (head.length >= bytes) break;
    head = Buffer.concat([head, await storage.read(blobKey, { startByte: 0, endByte: bytes - head.length })]);
  }
  return head;
}

/** One that cannot be deleted now is swept later. */
export async function deleteParts(parts: readonly UploadPart[], storage: BlobStore): Promise<void> {
  for (const { blobKey } of parts) await storage.delete(blobKey).catch(() => false);
}
