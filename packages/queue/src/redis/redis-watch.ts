import type { Redis } from 'ioredis';
import { isRedisFault } from './faults.ts';

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
  #state: 'unknown' | 'connected' | 'disconnected' = 'unknown';

  /** `redis`: the connection that shows when Redis is back. Errors of other connections are given to `handle`. */
  constructor(redis: Redis, handlers: RedisWatchHandlers) {
    this.#redis = redis;
    this.#handlers = handlers;
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
    if (this.#redis.status === 'ready')
      this.#redis.ping().then(
        () => this.#setConnected(),
        () => {},
      );
    return true;
  }

  #setConnected(): void {
    if (this.#state === 'connected') return;
    this.#state = 'connected';
    this.#handlers.connected();
  }
}
