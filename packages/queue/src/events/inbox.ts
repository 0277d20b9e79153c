import type { StoredRunEvent } from '@sotto/contracts';

/** What waits for a follower that does not take it; one who is further behind reads the stream itself. */
const MAX_WAITING = 500;

/**
 * Events for one follower, since it last took some. waiting -> ended or failed; what came before is still taken. It
 * never grows beyond MAX_WAITING: a follower who falls behind is told so, and nothing is kept for him meanwhile.
 */
export class Inbox {
  #events: StoredRunEvent[] = [];
  #isBehind = false;
  #isOver = false;
  #error: unknown = null;
  #wake: () => void = () => {};
  #goAway: () => void = () => {};
  readonly #gone = new Promise<null>((resolve) => {
    this.#goAway = () => resolve(null);
  });

  push(events: readonly StoredRunEvent[]): void {
    if (this.#isBehind) return;
    this.#isBehind = this.#events.length + events.length > MAX_WAITING;
    if (this.#isBehind) this.#events = [];
    else this.#events.push(...events);
    this.#wake();
  }

  /** `error`: why nothing more comes, if that is one. */
  close(error: unknown = null): void {
    this.#isOver = true;
    this.#error = error;
    this.#wake();
  }

  /** The follower goes: nothing more comes, and what it waits for it waits for no longer. */
  leave(): void {
    this.close();
    this.#goAway();
  }

  /** The answer; null when the follower goes before it comes. */
  unlessGone<T>(answer: Promise<T>): Promise<T | null> {
    return Promise.race([answer, this.#gone]);
  }

  /** null: nothing more comes. `behind`: read the stream from the last event on; later ones will be here again. */
  async take(): Promise<readonly StoredRunEvent[] | 'behind' | null> {
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
