/** Of the outbox. */
export class OutboxKeys {
  readonly #prefix: string;

  constructor(prefix: string) {
    this.#prefix = prefix;
  }

  /** Sorted set: events that a consumer has yet to handle, by when they are due; see outbox/outbox.ts. */
  of(consumer: string): string {
    return `${this.stem}${consumer}`;
  }

  get stem(): string {
    return `${this.#prefix}:outbox:`;
  }

  /** Channel: there is something new in the outbox. */
  get notifications(): string {
    return `${this.#prefix}:outbox`;
  }

  /** Sorted set, and a channel of the same name: what older builds leave for webhooks and batches. */
  get legacy(): string {
    return `${this.#prefix}:webhook-outbox`;
  }
}
