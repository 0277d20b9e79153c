import type { Redis } from 'ioredis';
import { Keys } from '../redis/keys.ts';
import { runScript } from '../redis/scripts.ts';
import type { QueueSettings } from '../redis/settings.ts';

const WINDOW_MS = 60_000;

export interface RateDecision {
  allowed: boolean;
  limit: number;
  /** Requests left in the window that ends now. */
  remaining: number;
  /** Until the oldest request leaves the window. */
  resetSeconds: number;
  /** When to try again; 0 when allowed. */
  retryAfterSeconds: number;
}

/** Counts requests that create work, per key or client address, over the last minute and all API processes together. */
export class RateLimiter {
  readonly #redis: Redis;
  readonly #keys: Keys;

  constructor(redis: Redis, settings: QueueSettings) {
    this.#redis = redis;
    this.#keys = new Keys(settings.prefix);
  }

  /** Allows at most `perMinute` requests in any minute. `nowMs`: for tests; default: the clock of Redis. */
  async take(subject: string, perMinute: number, nowMs?: number): Promise<RateDecision> {
    const key = this.#keys.access.rate(subject);
    const reply = await runScript(this.#redis, 'take-rate', [key], {
      limit: perMinute,
      windowMs: WINDOW_MS,
      now: nowMs,
    });
    const [answer, remaining, waitMs] = reply as ['allowed' | 'refused', number, number];
    const allowed = answer === 'allowed';
    const seconds = Math.ceil(waitMs / 1000);
    return {
      allowed,
      limit: perMinute,
      remaining,
      resetSeconds: seconds,
      retryAfterSeconds: allowed ? 0 : Math.max(1, seconds),
    };
  }
}
