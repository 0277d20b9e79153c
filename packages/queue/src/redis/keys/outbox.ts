import { createHash } from 'node:crypto';
import { ANONYMOUS_KEY } from './access.ts';

/** Of the outbox, and of the receivers of webhooks. */
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

  /** Hash: how the calls of one receiver on behalf of one API key went. Hashed, since clients name receivers. */
  receiver(keyId: string | null, host: string): string {
    const hash = createHash('sha256')
      .update(`${keyId ?? ANONYMOUS_KEY} ${host}`)
      .digest('base64url');
    return `${this.#prefix}:receiver:${hash.slice(0, 22)}`;
  }

  /** Sorted set: call -> when it is forgotten, of the calls of a receiver that are under way. */
  receiverCalls(keyId: string | null, host: string): string {
    return `${this.receiver(keyId, host)}:calls`;
  }

  /** String: deliveries to a receiver that were queued in the last minute. */
  receiverSent(keyId: string | null, host: string): string {
    return `${this.receiver(keyId, host)}:sent`;
  }

  /** Sorted set: the same as receiverCalls, of all receivers of an API key. */
  callsOfKey(keyId: string | null): string {
    return `${this.#prefix}:receiver-calls:${keyId ?? ANONYMOUS_KEY}`;
  }
}
