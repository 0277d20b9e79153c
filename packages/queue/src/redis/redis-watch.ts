import type { Redis } from 'ioredis';
import { isConnectionFault } from './connection.ts';

export interface RedisNews {
  disconnected(error: Error): void;
  /** Also at the first connection, whether or not it failed before. */
  connected(): void;
}

/**
 * All connections of a process lose Redis together, and each reports it on every retry. This reports an outage once, and
 * its end once. unknown | connected -> disconnected -> connected.
 */
export class RedisWatch {
  readonly #redis: Redis;
  readonly #news: RedisNews;
  #state: 'unknown' | 'connected' | 'disconnected' = 'unknown';

  /** `redis`: the connection whose recovery ends an outage. Errors of other connections go to `saw`. */
  constructor(redis: Redis, news: RedisNews) {
    this.#redis = redis;
    this.#news = news;
    redis.on('error', (error: Error) => this.saw(error));
    redis.on('ready', () => this.#isConnected());
    if (redis.status === 'ready') this.#isConnected();
  }

  /** false: the error is not an outage, and nobody has been told of it. */
  saw(error: Error): boolean {
    if (!isConnectionFault(error)) return false;
    if (this.#state === 'disconnected') return true;
    this.#state = 'disconnected';
    this.#news.disconnected(error);
    // Another connection may have been cut while this one stays up: then only an answer shows that Redis is reachable.
    if (this.#redis.status === 'ready')
      this.#redis.ping().then(
        () => this.#isConnected(),
        () => {},
      );
    return true;
  }

  #isConnected(): void {
    if (this.#state === 'connected') return;
    this.#state = 'connected';
    this.#news.connected();
  }
}
