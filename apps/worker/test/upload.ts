import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import type { Container, Upload } from '@sotto/contracts';
import type { BlobStore } from '@sotto/storage';

/** Puts a file into storage as the API would. */
export async function storeUpload(blobs: BlobStore, path: string, container: Container): Promise<Upload> {
  const bytes = await readFile(path);
  const writer = await blobs.createWriter('uploads');
  await writer.write(bytes);
  const { key } = await writer.commit();
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  return { blobKey: key, sha256, bytes: bytes.length, container, fileName: basename(path) };
}
