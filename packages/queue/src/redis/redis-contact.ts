import type { Redis } from 'ioredis';

/** A connection without an answer for so long is suspected. */
const SILENCE_LIMIT_MS = 60_000;
const PING_INTERVAL_MS = 5_000;
/** How long another connection has to show that Redis is there. */
const PROBE_LIMIT_MS = 1_000;

export interface RedisContactOptions {
  redis: Redis;
  /** Another connection like it, which waits for Redis. */
  connect: () => Redis;
  silenceLimitMs?: number;
  pingIntervalMs?: number;
}

/**
 * Tells a connection that is stuck from a Redis that is away. After an outage both look alike, but only the first is
 * over when the process starts again: a new connection is answered while this one is silent.
 */
export class RedisContact {
  readonly #redis: Redis;
  readonly #connect: () => Redis;
  readonly #silenceLimitMs: number;
  readonly #timer: NodeJS.Timeout;
  #answeredAtMs = performance.now();
  #isAsking = false;

  constructor({ redis, connect, silenceLimitMs, pingIntervalMs }: RedisContactOptions) {
    this.#redis = redis;
    this.#connect = connect;
    this.#silenceLimitMs = silenceLimitMs ?? SILENCE_LIMIT_MS;
    this.#timer = setInterval(() => void this.#ask(), pingIntervalMs ?? PING_INTERVAL_MS);
    this.#timer.unref();
  }

  /** false also while Redis is away: there is nothing that a new process could do better. */
  async isStuck(): Promise<boolean> {
    if (this.#isHeard) return false;
    const isThere = await this.#isThere();
    // It may have been answered meanwhile.
    return isThere && !this.#isHeard;
  }

  close(): void {
    clearInterval(this.#timer);
  }

  get #isHeard(): boolean {
    return performance.now() - this.#answeredAtMs < this.#silenceLimitMs;
  }

  /** One question at a time: while Redis is away it waits, and is answered afterwards. */
  async #ask(): Promise<void> {
    if (this.#isAsking) return;
    this.#isAsking = true;
    try {
      await this.#redis.ping();
      this.#answeredAtMs = performance.now();
    } catch {
      // Asked again in a moment.
    } finally {
      this.#isAsking = false;
    }
  }

  async #isThere(): Promise<boolean> {
    const probe = this.#connect();
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<false>((resolve) => {
      timer = setTimeout(resolve, PROBE_LIMIT_MS, false);
    });
    try {
      return await Promise.race([probe.ping().then(() => true), late]);
    } catch {
      return false;
    } finally {
      clearTimeout(timer);
      probe.disconnect();
    }
  }
}
