/** Of resumable uploads. */
export class UploadKeys {
  readonly #prefix: string;

  constructor(prefix: string) {
    this.#prefix = prefix;
  }

  /** Hash: a ResumableUpload. */
  record(uploadId: string): string {
    return `${this.#prefix}:upload:${uploadId}`;
  }

  /** List: its UploadParts as JSON, in order. */
  parts(uploadId: string): string {
    return `${this.record(uploadId)}:parts`;
  }

  /** Sorted set: id -> when it is forgotten, of every resumable upload. */
  get index(): string {
    return `${this.#prefix}:uploads`;
  }
}
