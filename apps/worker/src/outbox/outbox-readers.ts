import { type Outbox, type OutboxConsumer, type OutboxEvent, OutboxReader } from '@sotto/queue';
import { type QueueWebhooksDeps, webhookQueuer } from '../webhooks/queue-webhooks.ts';
import { batchSettler } from './settle-batches.ts';

export interface OutboxReadersDeps extends QueueWebhooksDeps {
  outbox: Outbox;
  onError(error: unknown): void;
}

/** A reader for each consumer of the outbox. Every worker has them; each event goes to one of them. */
export class OutboxReaders {
  readonly #readers: readonly OutboxReader[];

  constructor(deps: OutboxReadersDeps) {
    const handlers: Record<Exclude<OutboxConsumer, 'library' | 'recordings'>, (event: OutboxEvent) => Promise<void>> = {
      webhooks: webhookQueuer(deps),
      batches: batchSettler(deps),
    };
    this.#readers = Object.entries(handlers).map(([consumer, handle]) => {
      const { outbox, onError } = deps;
      return new OutboxReader({ outbox, consumer: consumer as OutboxConsumer, handle, onError });
    });
  }

  wake(): void {
    for (const reader of this.#readers) reader.wake();
  }

  /** Resolves when nothing is being handled any more. */
  async close(): Promise<void> {
    await Promise.all(this.#readers.map((reader) => reader.close()));
  }
}
