import { setTimeout as delay } from 'node:timers/promises';
import type { Redis } from 'ioredis';
import { isRedisFault } from './faults.ts';

/** Between two questions whether Redis does its work again. */
const ASK_AGAIN_MS = 1_000;

export interface RedisWatchHandlers {
  disconnected(error: Error): void;
  /** Also when it connects for the first time. */
  connected(): void;
}

/**
 * All connections of a process lose Redis at the same time, and each reports an error with every attempt to reconnect.
 * This reports the outage once, and its end once. unknown or connected -> disconnected -> connected.
 */
export class RedisWatch {
  readonly #redis: Redis;
  readonly #handlers: RedisWatchHandlers;
  readonly #works: () => Promise<unknown>;
  #state: 'unknown' | 'connected' | 'disconnected' = 'unknown';

  /**
   * @param redis the connection that shows when Redis is back. Errors of other connections are given to `handle`.
   * @param works resolves when Redis does its work: it may answer a PING and still refuse to write.
   */
  constructor(redis: Redis, handlers: RedisWatchHandlers, works: () => Promise<unknown> = () => redis.ping()) {
    this.#redis = redis;
    this.#handlers = handlers;
    this.#works = works;
    redis.on('error', (error: Error) => this.handle(error));
    redis.on('ready', () => this.#setConnected());
    if (redis.status === 'ready') this.#setConnected();
  }

  /** false: the error has another cause than a lost connection, and has not been reported. */
  handle(error: Error): boolean {
    if (!isRedisFault(error)) return false;
    if (this.#state === 'disconnected') return true;
    this.#state = 'disconnected';
    this.#handlers.disconnected(error);
    // Another connection may have been lost while this one stays: then only an answer shows that Redis is back.
    void this.#askUntilItWorks();
    return true;
  }

  /** While this connection is lost, its return is what shows it. */
  async #askUntilItWorks(): Promise<void> {
    while (this.#state === 'disconnected' && this.#redis.status === 'ready') {
      try {
        await this.#works();
        return this.#setConnected();
      } catch {
        await delay(ASK_AGAIN_MS, undefined, { ref: false });
      }
    }
  }

  #setConnected(): void {
    if (this.#state === 'connected') return;
    this.#state = 'connected';
    this.#handlers.connected();
  }
}
