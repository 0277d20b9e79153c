import { setTimeout as pause } from 'node:timers/promises';
import type { Outbox } from './outbox.ts';
import type { OutboxConsumer, OutboxEvent } from './outbox-event.ts';

export interface OutboxReaderDeps {
  outbox: Outbox;
  consumer: OutboxConsumer;
  /** Must be idempotent: an event may come more than once. If it throws, the event comes again later. */
  handle(event: OutboxEvent): Promise<void>;
  onError(error: unknown): void;
}

const PAGE = 100;
/** Between two checks for events that are not due yet. */
const MIN_PAUSE_MS = 1_000;
const LAST_LOOK_MS = 2_000;
/** What takes long is not handed to somebody else meanwhile. */
const RENEW_MS = 2_000;

/**
 * Reads the outbox of one consumer until it is empty, whenever there is something new. Each event goes to one process,
 * and comes again if that one dies or fails.
 */
export class OutboxReader {
  readonly #deps: OutboxReaderDeps;
  #inProgress: Promise<void> | null = null;
  #isWanted = false;
  #isClosed = false;
  #timer: NodeJS.Timeout | undefined;

  constructor(deps: OutboxReaderDeps) {
    this.#deps = deps;
  }

  /** There may be new events. Those that come while the outbox is being read are not missed. */
  wake(): void {
    if (this.#isClosed) return;
    this.#isWanted = true;
    this.#inProgress ??= this.#drain()
      .catch((error: unknown) => this.#deps.onError(error))
      .finally(() => {
        this.#inProgress = null;
        if (this.#isWanted) this.wake();
      });
  }

  /**
   * Resolves when what was taken has been handled, and what this process itself has led to in the end: where it is the last of
   * its build, nobody else may be there to take that. Redis may be away, so the last look is not waited for for long.
   */
  async close(): Promise<void> {
    while (this.#inProgress !== null) await this.#inProgress;
    this.wake();
    this.#isClosed = true;
    clearTimeout(this.#timer);
    await Promise.race([this.#inProgress, pause(LAST_LOOK_MS, null, { ref: false })]);
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

  /** Events that other processes have taken are due again if they die. */
  async #wakeWhenDue(): Promise<void> {
    const dueMs = await this.#deps.outbox.nextDueMs(this.#deps.consumer);
    clearTimeout(this.#timer);
    if (dueMs === null || this.#isClosed) return;
    this.#timer = setTimeout(() => this.wake(), Math.max(MIN_PAUSE_MS, dueMs - Date.now())).unref();
  }

  async #handle(event: OutboxEvent): Promise<void> {
    const { outbox, consumer, handle, onError } = this.#deps;
    const renewing = setInterval(() => void outbox.renew(consumer, event).catch(() => {}), RENEW_MS);
    try {
      await handle(event);
      await outbox.drop(consumer, event);
    } catch (error) {
      onError(error);
    } finally {
      clearInterval(renewing);
    }
  }
}
