import type { Redis } from 'ioredis';

/** After this long a listener checks by itself, in case a notification was lost. */
export const CHECK_INTERVAL_MS = 5000;

/** The message sent with the last event of a run. */
export const LAST_EVENT = 'end';

export interface Listener {
  /** `message` null: a notification may have been lost. */
  notified(message: string | null): void;
}

/** Waits for a notification. Clear it, check, then wait: a notification between checking and waiting is not missed. */
export class Waiter implements Listener {
  readonly #onlyLast: boolean;
  #isNotified = false;
  #wake: () => void = () => {};

  constructor(onlyLast: boolean) {
    this.#onlyLast = onlyLast;
  }

  notified(message: string | null): void {
    if (this.#onlyLast && message !== null && message !== LAST_EVENT) return;
    this.#isNotified = true;
    this.#wake();
  }

  clear(): void {
    this.#isNotified = false;
  }

  async wait(): Promise<void> {
    if (this.#isNotified) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, CHECK_INTERVAL_MS);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    this.#wake = () => {};
  }
}

/** One subscriber connection for all listeners of this process; a channel is subscribed while it has a listener. */
export class Notifications {
  readonly #subscriber: Redis;
  readonly #listeners = new Map<string, Set<Listener>>();

  constructor(subscriber: Redis) {
    this.#subscriber = subscriber;
    subscriber.on('message', (channel, message) => {
      for (const listener of this.#listeners.get(channel) ?? []) listener.notified(message);
    });
    subscriber.on('ready', () => {
      for (const listeners of this.#listeners.values()) for (const listener of listeners) listener.notified(null);
    });
  }

  /** Resolves once subscribed. While Redis is disconnected it does not wait: ioredis subscribes when it reconnects. */
  async listen(channel: string, listener: Listener): Promise<() => void> {
    const listeners = this.#listeners.get(channel) ?? new Set<Listener>();
    this.#listeners.set(channel, listeners.add(listener));
    const subscribed = this.#subscriber.subscribe(channel).catch(() => {});
    if (this.#subscriber.status === 'ready') await subscribed;
    return () => this.#leave(channel, listener);
  }

  #leave(channel: string, listener: Listener): void {
    const listeners = this.#listeners.get(channel);
    if (listeners === undefined || !listeners.delete(listener) || listeners.size > 0) return;
    this.#listeners.delete(channel);
    this.#subscriber.unsubscribe(channel).catch(() => {});
  }
}
