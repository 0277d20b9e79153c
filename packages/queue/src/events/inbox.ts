import type { StoredEvent } from './stored-event.ts';

/** Events kept for a follower that does not take them; one that is further behind reads the stream itself. */
const MAX_WAITING = 500;

/**
 * The events of one follower since it last took some. open -> closed (the end, or an error); events that came before
 * can still be taken. It never holds more than MAX_WAITING: a follower that falls behind is told so, and until then
 * nothing more is kept for it.
 */
export class Inbox<S extends StoredEvent> {
  #events: S[] = [];
  #isBehind = false;
  #isOver = false;
  #error: unknown = null;
  #wake: () => void = () => {};
  #leave: () => void = () => {};
  readonly #left = new Promise<null>((resolve) => {
    this.#leave = () => resolve(null);
  });

  push(events: readonly S[]): void {
    if (this.#isBehind) return;
    this.#isBehind = this.#events.length + events.length > MAX_WAITING;
    if (this.#isBehind) this.#events = [];
    else this.#events.push(...events);
    this.#wake();
  }

  /** No more events come; `error`: because of this. */
  close(error: unknown = null): void {
    this.#isOver = true;
    this.#error = error;
    this.#wake();
  }

  /** The follower leaves: whatever it is waiting for ends at once. */
  leave(): void {
    this.close();
    this.#leave();
  }

  /** The answer; null if the follower leaves first. */
  unlessLeft<T>(answer: Promise<T>): Promise<T | null> {
    return Promise.race([answer, this.#left]);
  }

  /** null: no more events come. `behind`: read the stream from the last event on; later events will be here again. */
  async take(): Promise<readonly S[] | 'behind' | null> {
    if (this.#events.length === 0 && !this.#isBehind && !this.#isOver) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    if (this.#isBehind) {
      this.#isBehind = false;
      return 'behind';
    }
    if (this.#events.length > 0) {
      const events = this.#events;
      this.#events = [];
      return events;
    }
    if (this.#error !== null) throw this.#error;
    return null;
  }
}
