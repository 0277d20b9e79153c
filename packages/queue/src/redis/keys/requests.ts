/** Of requests: the jobs that clients hold. */
export class RequestKeys {
  readonly #prefix: string;

  constructor(prefix: string) {
    this.#prefix = prefix;
  }

  /** Hash: a JobRequest. */
  record(requestId: string): string {
    return `${this.stem}${requestId}`;
  }

  get stem(): string {
    return `${this.#prefix}:request:`;
  }

  /** List: WebhookAttempts as JSON, oldest first. */
  webhookAttempts(requestId: string): string {
    return `${this.record(requestId)}:webhooks`;
  }

  /** String: key id (or '') of a request whose record is gone. */
  tombstone(requestId: string): string {
    return `${this.tombstoneStem}${requestId}`;
  }

  get tombstoneStem(): string {
    return `${this.#prefix}:tombstone:`;
  }

  /** Sorted set by name, of the requests of one API key, or of all for null; see `indexMember`. */
  index(keyId: string | null): string {
    return keyId === null ? `${this.#prefix}:requests` : `${this.#prefix}:requests:key:${keyId}`;
  }
}
