/** Of batches. */
export class BatchKeys {
  readonly #prefix: string;

  constructor(prefix: string) {
    this.#prefix = prefix;
  }

  /** Hash: a batch. */
  record(batchId: string): string {
    return `${this.#prefix}:batch:${batchId}`;
  }

  /** List: BatchItems as JSON, in the order they were sent. */
  items(batchId: string): string {
    return `${this.record(batchId)}:items`;
  }

  /** Hash: request id -> status, of items that have ended. */
  ended(batchId: string): string {
    return `${this.record(batchId)}:ended`;
  }

  /** String that expires: there while the process that receives the batch is alive. */
  lease(batchId: string): string {
    return `${this.record(batchId)}:lease`;
  }

  /** Set: blob keys of its staged uploads, while it is being received. */
  staged(batchId: string): string {
    return `${this.record(batchId)}:holds`;
  }

  /** Set: ids of its requests, while it is being received. */
  requests(batchId: string): string {
    return `${this.record(batchId)}:requests`;
  }

  /** List: WebhookAttempts as JSON, oldest first. */
  webhookAttempts(batchId: string): string {
    return `${this.record(batchId)}:webhooks`;
  }

  /** Sorted set: id -> creation time of every batch that is being received or has not ended. */
  get open(): string {
    return `${this.#prefix}:batches`;
  }
}
