import type { Redis } from 'ioredis';

/** Should a ring be lost, this is how late a listener notices. */
export const LOOK_AGAIN_MS = 5000;

/** The message of the ring that comes with a run's last event. */
export const LAST_RING = 'end';

export interface Ringable {
  /** `message` null: something may have gone unheard. */
  ring(message: string | null): void;
}

/** For one who waits. Clear it, look, then wait: a ring between looking and waiting is not missed. */
export class Bell implements Ringable {
  readonly #onlyLast: boolean;
  #rung = false;
  #wake: () => void = () => {};

  constructor(onlyLast: boolean) {
    this.#onlyLast = onlyLast;
  }

  ring(message: string | null): void {
    if (this.#onlyLast && message !== null && message !== LAST_RING) return;
    this.#rung = true;
    this.#wake();
  }

  clear(): void {
    this.#rung = false;
  }

  async wait(): Promise<void> {
    if (this.#rung) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, LOOK_AGAIN_MS);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    this.#wake = () => {};
  }
}

/** One subscriber connection for all who listen in this process; a channel is subscribed while anybody does. */
export class Doorbells {
  readonly #subscriber: Redis;
  readonly #bells = new Map<string, Set<Ringable>>();

  constructor(subscriber: Redis) {
    this.#subscriber = subscriber;
    subscriber.on('message', (channel, message) => {
      for (const bell of this.#bells.get(channel) ?? []) bell.ring(message);
    });
    subscriber.on('ready', () => {
      for (const bells of this.#bells.values()) for (const bell of bells) bell.ring(null);
    });
  }

  /** Resolves when rings will be heard. While Redis is away it does not wait: ioredis subscribes when it is back. */
  async listen(channel: string, bell: Ringable): Promise<() => void> {
    const bells = this.#bells.get(channel) ?? new Set<Ringable>();
    this.#bells.set(channel, bells.add(bell));
    const subscribed = this.#subscriber.subscribe(channel).catch(() => {});
    if (this.#subscriber.status === 'ready') await subscribed;
    return () => this.#leave(channel, bell);
  }

  #leave(channel: string, bell: Ringable): void {
    const bells = this.#bells.get(channel);
    if (bells === undefined || !bells.delete(bell) || bells.size > 0) return;
    this.#bells.delete(channel);
    this.#subscriber.unsubscribe(channel).catch(() => {});
  }
}
