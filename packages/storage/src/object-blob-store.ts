import type { Readable } from 'node:stream';
import type { ByteRange, ListedBlob, StorageHealth, StorageKind } from './blob-store.ts';
import { Scratch } from './scratch.ts';
import { blobMissing } from './storage-error.ts';
import { probeName } from './temporary-name.ts';

/** A write is proven this often; in between it is enough that the server answers. */
const PROBE_INTERVAL_MS = 60_000;
const HEALTH_MS = 5_000;

/** What stores have in common whose blobs are objects of a server. */
export abstract class ObjectBlobStore {
  readonly #kind: StorageKind;
  readonly #scratch: Scratch;
  #probedAtMs = 0;

  constructor(kind: StorageKind, scratchFolder: string) {
    this.#kind = kind;
    this.#scratch = new Scratch(scratchFolder);
  }

  abstract openRead(key: string, range?: ByteRange): Promise<Readable>;
  abstract stat(key: string): Promise<ListedBlob | null>;
  /** Removes parts of objects that never became whole. */
  protected abstract sweepParts(olderThanMs: number): Promise<number>;
  /** Rejects unless the place for objects answers. */
  protected abstract reach(signal: AbortSignal): Promise<void>;
  /** Writes an object of that name, and deletes it for good. */
  protected abstract tryWriting(name: string, signal: AbortSignal): Promise<void>;

  async localFile(key: string): Promise<{ path: string; release(): Promise<void> }> {
    const found = await this.stat(key);
    if (found === null) throw blobMissing();
    return this.#scratch.hold(found.bytes, () => this.openRead(key));
  }

  async sweepTemporary(olderThanMs: number): Promise<number> {
    const files = await this.#scratch.sweep(olderThanMs);
    return files + (await this.sweepParts(olderThanMs));
  }

  async health(): Promise<StorageHealth> {
    const writable = await this.#isWritable().catch(() => false);
    if (!writable) this.#probedAtMs = 0;
    return { kind: this.#kind, writable, freeBytes: null, totalBytes: null };
  }

  async #isWritable(): Promise<boolean> {
    const signal = AbortSignal.timeout(HEALTH_MS);
    await this.reach(signal);
    if (Date.now() - this.#probedAtMs > PROBE_INTERVAL_MS) {
      await this.tryWriting(`temporary/${probeName()}`, signal);
      this.#probedAtMs = Date.now();
    }
    return true;
  }
}
