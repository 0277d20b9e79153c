import type { Redis } from 'ioredis';
import { replies } from '../redis/faults.ts';
import { Keys } from '../redis/keys.ts';

/** A key as Redis itself writes it (DUMP): whatever its type, with a checksum. */
export interface KeyCopy {
  key: string;
  /** Left to live; null: it does not expire. */
  ttlMs: number | null;
  dump: Buffer;
}

const SCAN_COUNT = 200;
/** PTTL's answer for a key that is gone. */
const GONE = -2;

/** All keys of a service, copied out of a Redis and into one. */
export class KeyCopies {
  readonly #redis: Redis;
  readonly #prefix: string;

  constructor(redis: Redis, prefix: string) {
    this.#redis = redis;
    this.#prefix = prefix;
  }

  /** In no order. Those of one moment only while nobody writes; keys that expire meanwhile are left out. */
  async *read(): AsyncGenerator<KeyCopy> {
    for await (const keys of this.#names()) {
      const pipeline = this.#redis.pipeline();
      for (const key of keys) pipeline.pttl(key).dumpBuffer(key);
      const answers = await replies(pipeline);
      for (const [index, key] of keys.entries()) {
        const [ttlMs, dump] = [answers[2 * index], answers[2 * index + 1]];
        if (ttlMs === GONE || !Buffer.isBuffer(dump)) continue;
        yield { key, ttlMs: typeof ttlMs === 'number' && ttlMs >= 0 ? ttlMs : null, dump };
      }
    }
  }

  /**
   * What is under such a key already is replaced. Expiring keys live on for what they had left. Heartbeats are left out:
   * workers of that time are not there any more.
   *
   * @throws the error of Redis: it is older than the one that wrote the copies, or out of memory.
   */
  async write(copies: readonly KeyCopy[]): Promise<void> {
    const pipeline = this.#redis.pipeline();
    const heartbeat = new Keys(this.#prefix).fleet.worker('');
    for (const { key, ttlMs, dump } of copies) {
      if (key.startsWith(heartbeat)) continue;
      // RESTORE takes 0 for "does not expire".
      pipeline.restore(key, ttlMs === null ? 0 : Math.max(1, ttlMs), dump, 'REPLACE');
    }
    await replies(pipeline);
  }

  async isEmpty(): Promise<boolean> {
    for await (const keys of this.#names()) if (keys.length > 0) return false;
    return true;
  }

  /** Removes everything. */
  async clear(): Promise<void> {
    for await (const keys of this.#names()) if (keys.length > 0) await this.#redis.unlink(keys);
  }

  async *#names(): AsyncGenerator<string[]> {
    let cursor = '0';
    do {
      const [next, keys] = await this.#redis.scan(cursor, 'MATCH', `${this.#prefix}:*`, 'COUNT', SCAN_COUNT);
      cursor = next;
      yield keys;
    } while (cursor !== '0');
  }
}
