import type { Redis } from 'ioredis';
import { isConnectionFault } from './connection.ts';

export interface RedisNews {
  away(error: Error): void;
  /** Also when it is there for the first time, having been away from the start or not. */
  there(): void;
}

/**
 * All connections of a process lose Redis together, and each of them says so every time it tries again; this says it
 * once, and once when it is back. Unknown or there -> away -> there.
 */
export class RedisWatch {
  readonly #redis: Redis;
  readonly #news: RedisNews;
  #state: 'unknown' | 'there' | 'away' = 'unknown';

  /** `redis`: the connection that tells when it is back. Errors of others belong to `saw`. */
  constructor(redis: Redis, news: RedisNews) {
    this.#redis = redis;
    this.#news = news;
    redis.on('error', (error: Error) => this.saw(error));
    redis.on('ready', () => this.#isThere());
    if (redis.status === 'ready') this.#isThere();
  }

  /** false: the error is not that Redis is away, and nobody has been told of it. */
  saw(error: Error): boolean {
    if (!isConnectionFault(error)) return false;
    if (this.#state === 'away') return true;
    this.#state = 'away';
    this.#news.away(error);
    // Another connection may have been cut while this one stays: then nothing but an answer says that all is well.
    if (this.#redis.status === 'ready')
      this.#redis.ping().then(
        () => this.#isThere(),
        () => {},
      );
    return true;
  }

  #isThere(): void {
    if (this.#state === 'there') return;
    this.#state = 'there';
    this.#news.there();
  }
}
