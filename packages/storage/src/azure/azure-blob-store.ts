import { Readable } from 'node:stream';
import { blobKey, keyOrNull, kindOf } from '../blob-key.ts';
import {
  type BlobKind,
  type BlobStore,
  type BlobWriter,
  type ByteRange,
  isEmpty,
  type ListedBlob,
  type StoredBlob,
} from '../blob-store.ts';
import { ObjectBlobStore } from '../object-blob-store.ts';
import { blobMissing } from '../storage-error.ts';
import { isWriterDead } from '../temporary-name.ts';
import { withStorageErrors } from '../with-storage-errors.ts';
import { AzureBlobWriter } from './azure-blob-writer.ts';
import { azureError, guardedAzure, isBeyondEnd, isMissing } from './azure-error.ts';
import { lastBlockAtMs, removeTemporary } from './blocks.ts';
import { type Container, containerOf, TEMPORARY } from './container.ts';
import { copyWithin } from './copy-within.ts';
import type { AzureSettings } from './settings.ts';

/**
 * Blobs as block blobs of one container of Azure Blob Storage: `<prefix>uploads/<shard>/<name>`. Blobs being written are
 * blocks under `<prefix>temporary/`, or in memory while they are small.
 */
export class AzureBlobStore extends ObjectBlobStore implements BlobStore {
  readonly #container: Container;

  /** Connects to nothing. */
  constructor(settings: AzureSettings) {
    super('azure', settings.scratchFolder);
    this.#container = containerOf(settings);
  }

  async createWriter(kind: BlobKind, name?: string): Promise<BlobWriter> {
    return new AzureBlobWriter(this.#container, blobKey(kind, name));
  }

  /** By the server itself. */
  async copy(from: string, kind: BlobKind, name: string): Promise<StoredBlob> {
    const key = blobKey(kind, name);
    const found = await this.stat(from);
    if (found === null) throw blobMissing();
    await guardedAzure(() => copyWithin(this.#blob(from), this.#blob(key)));
    return { key, bytes: found.bytes };
  }

  async read(key: string, range?: ByteRange): Promise<Buffer> {
    const chunks: Buffer[] = [];
    for await (const chunk of await this.openRead(key, range)) chunks.push(chunk as Buffer);
    return Buffer.concat(chunks);
  }

  async openRead(key: string, range?: ByteRange): Promise<Readable> {
    const blob = this.#blob(key);
    return guardedAzure(async () => {
      if (range !== undefined && isEmpty(range)) {
        await blob.getProperties();
        return Readable.from([]);
      }
      const startByte = Math.max(0, range?.startByte ?? 0);
      try {
        const { readableStreamBody } = await blob.download(startByte, range && range.endByte - startByte);
        if (readableStreamBody === undefined) throw new TypeError('a blob without a body');
        return withStorageErrors(readableStreamBody as Readable, azureError);
      } catch (error) {
        if (isBeyondEnd(error)) return Readable.from([]);
        throw error;
      }
    });
  }

  async stat(key: string): Promise<ListedBlob | null> {
    const blob = this.#blob(key);
    return guardedAzure(async () => {
      try {
        const { contentLength = 0, lastModified } = await blob.getProperties();
        return { key, bytes: contentLength, modifiedMs: lastModified?.getTime() ?? 0 };
      } catch (error) {
        if (isMissing(error)) return null;
        throw error;
      }
    });
  }

  async delete(key: string): Promise<boolean> {
    const blob = this.#blob(key);
    return guardedAzure(async () => (await blob.deleteIfExists({ deleteSnapshots: 'include' })).succeeded);
  }

  async *list(kind: BlobKind): AsyncIterable<ListedBlob> {
    const { client, prefix } = this.#container;
    const found = client.listBlobsFlat({ prefix: `${prefix}${kind}/` });
    for (;;) {
      const next = await guardedAzure(() => found.next());
      if (next.done === true) return;
      const { name, properties } = next.value;
      const key = keyOrNull(name.slice(prefix.length));
      if (key === null) continue;
      yield { key, bytes: properties.contentLength ?? 0, modifiedMs: properties.lastModified.getTime() };
    }
  }

  protected sweepParts(olderThanMs: number): Promise<number> {
    return guardedAzure(() => this.#sweepBlocks(olderThanMs));
  }

  async #sweepBlocks(olderThanMs: number): Promise<number> {
    const { client, prefix, blob } = this.#container;
    let removed = 0;
    const folder = prefix + TEMPORARY;
    for await (const { name, properties } of client.listBlobsFlat({ prefix: folder, includeUncommitedBlobs: true })) {
      const temporary = blob(name.slice(prefix.length));
      if (!isWriterDead(name.slice(folder.length))) {
        const touchedMs = (await unlessMissing(lastBlockAtMs(temporary))) ?? properties.lastModified?.getTime() ?? 0;
        if (Math.max(0, Date.now() - touchedMs) < olderThanMs) continue;
      }
      await removeTemporary(temporary);
      removed += 1;
    }
    return removed;
  }

  protected async reach(abortSignal: AbortSignal): Promise<void> {
    await this.#container.client.getProperties({ abortSignal });
  }

  protected async tryWriting(name: string, abortSignal: AbortSignal): Promise<void> {
    const probe = this.#container.blob(name);
    await probe.upload('probe', 5, { abortSignal });
    await probe.delete({ abortSignal });
  }

  /** Throws on anything that is not exactly a key of ours. */
  #blob(key: string) {
    kindOf(key);
    return this.#container.blob(key);
  }
}

async function unlessMissing<T>(found: Promise<T>): Promise<T | null> {
  try {
    return await found;
  } catch (error) {
    if (isMissing(error)) return null;
    throw error;
  }
}
