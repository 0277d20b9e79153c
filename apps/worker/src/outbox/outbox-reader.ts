import type { Outbox, OutboxConsumer, OutboxEvent } from '@sotto/queue';

export interface OutboxReaderDeps {
  outbox: Outbox;
  consumer: OutboxConsumer;
  /** May be told of an event more than once. What it throws leaves the event for later. */
  handle(event: OutboxEvent): Promise<void>;
  onError(error: unknown): void;
}

const PAGE = 100;
/** Between two looks at events that nobody can act on now. */
const MIN_PAUSE_MS = 1_000;

/**
 * Reads the outbox of one consumer to its end whenever something has come. Each event goes to one worker; it comes again
 * when that worker dies or fails.
 */
export class OutboxReader {
  readonly #deps: OutboxReaderDeps;
  #atWork: Promise<void> | null = null;
  #isWanted = false;
  #isClosed = false;
  #timer: NodeJS.Timeout | undefined;

  constructor(deps: OutboxReaderDeps) {
    this.#deps = deps;
  }

  /** Something has come. One that comes while the outbox is being read is not missed. */
  wake(): void {
    if (this.#isClosed) return;
    this.#isWanted = true;
    this.#atWork ??= this.#drain()
      .catch((error: unknown) => this.#deps.onError(error))
      .finally(() => {
        this.#atWork = null;
        if (this.#isWanted) this.wake();
      });
  }

  /** Reads nothing more; resolves when what is being read is done. */
  async close(): Promise<void> {
    this.#isClosed = true;
    clearTimeout(this.#timer);
    while (this.#atWork !== null) await this.#atWork;
  }

  async #drain(): Promise<void> {
    this.#isWanted = false;
    const { outbox, consumer } = this.#deps;
    await outbox.adoptLegacy();
    for (;;) {
      const events = await outbox.take(consumer, PAGE);
      await Promise.all(events.map((event) => this.#handle(event)));
      if (events.length < PAGE) break;
    }
    await this.#wakeWhenDue();
  }

  /** For events that others have taken, should they die. */
  async #wakeWhenDue(): Promise<void> {
    const dueMs = await this.#deps.outbox.nextDueMs(this.#deps.consumer);
    clearTimeout(this.#timer);
    if (dueMs === null || this.#isClosed) return;
    this.#timer = setTimeout(() => this.wake(), Math.max(MIN_PAUSE_MS, dueMs - Date.now())).unref();
  }

  async #handle(event: OutboxEvent): Promise<void> {
    const { outbox, consumer, handle, onError } = this.#deps;
    try {
      await handle(event);
      await outbox.drop(consumer, event);
    } catch (error) {
      onError(error);
    }
  }
}
