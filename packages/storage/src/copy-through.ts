import type { BlobKind, BlobStore, StoredBlob } from './blob-store.ts';

/** Copies a blob by reading it, where the store has no way of its own. */
export async function copyThrough(
  store: Pick<BlobStore, 'openRead' | 'createWriter'>,
  from: string,
  kind: BlobKind,
  name: string,
): Promise<StoredBlob> {
  const content = await store.openRead(from);
  const writer = await store.createWriter(kind, name);
  try {
    for await (const chunk of content) await writer.write(chunk as Uint8Array);
    return await writer.commit();
  } catch (error) {
    await writer.abort();
    throw error;
  }
}
