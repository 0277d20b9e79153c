import { SottoError } from '@sotto/contracts';
import { blobKey, blobNameOf } from './blob-key.ts';
import type { BlobStore } from './blob-store.ts';

const BLOB_KEY = /"blobKey":("(?:[^"\\]|\\.)*")/g;

/** Name of the manifest of a batch; that of a request has its id. */
export const batchManifestName = (batchId: string): string => `${BATCH}${batchId}`;

/** null: it is that of a request. */
export const batchIdOf = (name: string): string | null => (name.startsWith(BATCH) ? name.slice(BATCH.length) : null);

const BATCH = 'batch-';

export interface ListedManifest {
  name: string;
  writtenAtMs: number;
}

/**
 * What was accepted, as a small JSON text beside the uploads, for each request and each batch. It is what they are made
 * anew from when Redis has lost them: from when a manifest is in the store until it is removed, the work is accepted.
 */
export class Manifests {
  readonly #blobs: BlobStore;

  constructor(blobs: BlobStore) {
    this.#blobs = blobs;
  }

  /** Resolves when it survives the end of this process; its content, a power cut too. Replaces an earlier one. */
  async put(name: string, text: string): Promise<void> {
    const writer = await this.#blobs.createWriter('manifests', name);
    try {
      await writer.write(Buffer.from(text));
      await writer.commit();
    } catch (error) {
      await writer.abort();
      throw error;
    }
  }

  /** null: there is none. */
  async read(name: string): Promise<string | null> {
    // A store that is empty holds none; one that is away may.
    if (!(await this.has(name))) return null;
    try {
      return (await this.#blobs.read(blobKey('manifests', name))).toString();
    } catch (error) {
      if (error instanceof SottoError && error.code === 'blob_missing') return null;
      throw error;
    }
  }

  async has(name: string): Promise<boolean> {
    return (await this.#blobs.stat(blobKey('manifests', name))) !== null;
  }

  async remove(name: string): Promise<void> {
    await this.#blobs.delete(blobKey('manifests', name));
  }

  /** In no order. */
  async *list(): AsyncIterable<ListedManifest> {
    for await (const { key, modifiedMs } of this.#blobs.list('manifests')) {
      yield { name: blobNameOf(key), writtenAtMs: modifiedMs };
    }
  }

  /** Uploads that any of them names, of which it reads all. */
  async blobKeys(): Promise<Set<string>> {
    const keys = new Set<string>();
    for await (const { name } of this.list()) {
      for (const key of blobKeysOf((await this.read(name)) ?? '')) keys.add(key);
    }
    return keys;
  }
}

/** Every build calls them so: a manifest may be one of a newer build. */
export function blobKeysOf(manifest: string): string[] {
  return [...manifest.matchAll(BLOB_KEY)].map(([, key]) => JSON.parse(key ?? '""') as string);
}
