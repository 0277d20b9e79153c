import type { Redis } from 'ioredis';
import { DAY_MS, daysBetween } from '../access/usage-period.ts';
import { reach } from '../redis/faults.ts';
import { ANONYMOUS_KEY } from '../redis/keys/access.ts';
import type { Keys } from '../redis/keys.ts';
import { runScript } from '../redis/scripts.ts';
import { type QueueSettings, Retention } from '../redis/settings.ts';

/** Members that are looked at in one script. */
const PART = 500;
/** In one sweep, of all indexes together; far more than requests can expire meanwhile. */
const MAX_PARTS = 100;

/**
 * Removes requests that have expired from the indexes of requests, which as a whole expire only when nothing is added
 * to them any more. Most of those are the oldest; behind them, one part of each index is looked at in each sweep.
 */
export class IndexSweep {
  readonly #redis: Redis;
  readonly #keys: Keys;
  readonly #retention: Retention;
  /** Where each index is looked at next. */
  readonly #next = new Map<string, string>();
  /** A sweep that did not get to all indexes is followed by one that begins with the others. */
  #turn = 0;

  constructor(redis: Redis, keys: Keys, settings: QueueSettings) {
    this.#redis = redis;
    this.#keys = keys;
    this.#retention = new Retention(settings);
  }

  async sweep(nowMs = Date.now()): Promise<void> {
    const indexes = await this.#indexes(nowMs);
    const left = { parts: MAX_PARTS };
    for (let i = 0; i < indexes.length && left.parts > 0; i += 1) {
      await this.#sweepIndex(indexes[this.#turn % indexes.length] ?? '', left);
      this.#turn += 1;
    }
  }

  async #sweepIndex(index: string, left: { parts: number }): Promise<void> {
    let part = await this.#prune(index, undefined);
    for (left.parts -= 1; part.removed > 0 && part.last !== '' && left.parts > 0; left.parts -= 1)
      part = await this.#prune(index, part.last);
    if (part.last !== '') {
      const later = await this.#prune(index, this.#next.get(index) ?? part.last);
      if (later.last !== '') this.#next.set(index, later.last);
      else this.#next.delete(index);
    } else this.#next.delete(index);
  }

  /** Of all requests, and of each key that made one while its index is kept. */
  async #indexes(nowMs: number): Promise<string[]> {
    const { access, requests } = this.#keys;
    const dayOf = (ms: number) => new Date(ms).toISOString().slice(0, 10);
    const days = daysBetween(dayOf(nowMs - this.#retention.tombstoneMs - DAY_MS), dayOf(nowMs));
    const keyIds = await reach(this.#redis.sunion(days.map((day) => access.usageKeys(day))));
    const named = keyIds.filter((keyId) => keyId !== ANONYMOUS_KEY).sort();
    return [requests.index(null), ...named.map((keyId) => requests.index(keyId))];
  }

  async #prune(index: string, after: string | undefined): Promise<{ removed: number; last: string }> {
    const argument = { after, limit: PART, requestStem: this.#keys.requests.stem };
    const [removed, last] = (await runScript(this.#redis, 'prune-index', [index], argument)) as [number, string];
    return { removed, last };
  }
}
