import { ANONYMOUS_KEY } from './access.ts';

/** Of resumable uploads, and of what API keys keep on disk. */
export class UploadKeys {
  readonly #prefix: string;

  constructor(prefix: string) {
    this.#prefix = prefix;
  }

  /** Hash: a ResumableUpload. */
  record(uploadId: string): string {
    return `${this.stem}${uploadId}`;
  }

  get stem(): string {
    return `${this.#prefix}:upload:`;
  }

  /** List: its UploadParts as JSON, in order. */
  parts(uploadId: string): string {
    return `${this.record(uploadId)}:parts`;
  }

  /** Sorted set: what an API key keeps on disk, by its bytes; see lua/include/held.lua. */
  heldBy(keyId: string | null): string {
    return `${this.#prefix}:held:${keyId ?? ANONYMOUS_KEY}`;
  }

  /** Sorted set: id -> when it is forgotten, of every resumable upload. */
  get index(): string {
    return `${this.#prefix}:uploads`;
  }
}
