import type { SottoError } from '@sotto/contracts';
import type { StoredBlob } from './blob-store.ts';
import { PartBuffer } from './part-buffer.ts';
import { StagedBlobWriter } from './staged-blob-writer.ts';
import { guardedWrite } from './storage-error.ts';

/** The smallest that S3 takes, but for the last one. */
const MIN_PART_BYTES = 5 * 1024 * 1024;
/** S3 takes 10 000 parts; larger ones later let a blob have 275 GiB. */
const PARTS_OF_A_SIZE = 1_000;

const partBytes = (partsBefore: number): number => MIN_PART_BYTES * (1 + Math.floor(partsBefore / PARTS_OF_A_SIZE));

/**
 * A blob on a server that takes objects whole or in parts. What fits in one part is put at commit, in one request; more
 * goes up part by part while it comes, one buffer at a time.
 */
export abstract class PartWriter extends StagedBlobWriter {
  readonly key: string;
  readonly #errorOf: (error: unknown) => SottoError;
  readonly #buffer = new PartBuffer();
  readonly #aborting = new AbortController();
  #parts = 0;
  #sending: Promise<void> = Promise.resolve();
  #bytes = 0;

  /** @param errorOf whatever the server's client throws */
  constructor(key: string, errorOf: (error: unknown) => SottoError) {
    super();
    this.key = key;
    this.#errorOf = errorOf;
  }

  /** All of a small blob. */
  protected abstract put(content: Buffer): Promise<void>;
  /** @param index 0 for the first. */
  protected abstract sendPart(content: Buffer, index: number, signal: AbortSignal): Promise<void>;
  /** Makes the parts one blob. */
  protected abstract complete(): Promise<void>;
  /** Takes the parts back; what the server would not take back now is taken by the sweep. */
  protected abstract takeBack(): Promise<void>;

  protected async append(chunk: Uint8Array): Promise<void> {
    let rest = chunk;
    while (rest.byteLength > 0) {
      const limit = partBytes(this.#parts);
      rest = rest.subarray(this.#buffer.take(rest, limit));
      if (this.#buffer.length === limit) await this.#send();
    }
    this.#bytes += chunk.byteLength;
  }

  protected async publish(): Promise<StoredBlob> {
    if (this.#parts === 0) await this.#guarded(() => this.put(this.#buffer.content));
    else {
      if (this.#buffer.length > 0) await this.#send();
      await this.#guarded(() => this.complete());
    }
    this.#buffer.release();
    return { key: this.key, bytes: this.#bytes };
  }

  protected async discard(): Promise<void> {
    this.#aborting.abort();
    // A part that arrives behind the abort would stay, and cost.
    await this.#sending;
    this.#buffer.release();
    await this.takeBack().catch(() => {});
  }

  /** The buffer as the next part. */
  #send(): Promise<void> {
    const sending = this.#guarded(async () => {
      await this.sendPart(this.#buffer.content, this.#parts, this.#aborting.signal);
      this.#parts += 1;
      this.#buffer.clear();
    });
    this.#sending = sending.catch(() => {});
    return sending;
  }

  #guarded(operation: () => Promise<void>): Promise<void> {
    return guardedWrite(async () => {
      try {
        await operation();
      } catch (error) {
        throw this.#errorOf(error);
      }
    });
  }
}
