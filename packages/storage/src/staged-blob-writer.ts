import type { BlobWriter, StoredBlob } from './blob-store.ts';

/** open -> committing -> committed | aborted; open -> aborted. How bytes are staged, published and dropped is the store's. */
export abstract class StagedBlobWriter implements BlobWriter {
  abstract readonly key: string;
  #state: 'open' | 'committing' | 'committed' | 'aborted' = 'open';
  #committing: Promise<StoredBlob> | null = null;

  protected abstract append(chunk: Uint8Array): Promise<void>;
  /** Makes all that was appended durable, then visible. */
  protected abstract publish(): Promise<StoredBlob>;
  /** Also after a `publish` that failed half-way. */
  protected abstract discard(): Promise<void>;

  async write(chunk: Uint8Array): Promise<void> {
    this.#mustBeOpen();
    await this.append(chunk);
  }

  commit(): Promise<StoredBlob> {
    this.#mustBeOpen();
    this.#state = 'committing';
    this.#committing = this.#publishOrDiscard();
    return this.#committing;
  }

  async abort(): Promise<void> {
    // A commit that began is decided by its own outcome: whoever called it gets the key or the error.
    if (this.#state === 'committing') await this.#committing?.catch(() => {});
    if (this.#state === 'open') await this.#drop();
  }

  async #publishOrDiscard(): Promise<StoredBlob> {
    try {
      const blob = await this.publish();
      this.#state = 'committed';
      return blob;
    } catch (error) {
      await this.#drop();
      throw error;
    }
  }

  #drop(): Promise<void> {
    this.#state = 'aborted';
    return this.discard();
  }

  #mustBeOpen(): void {
    if (this.#state !== 'open') throw new TypeError(`this blob is already ${this.#state}`);
  }
}
