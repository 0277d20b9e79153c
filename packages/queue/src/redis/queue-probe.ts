import type { Redis } from 'ioredis';
import { queueUnavailable, reach } from './faults.ts';
import { Keys } from './keys.ts';
import { runScript } from './scripts.ts';
import type { QueueSettings } from './settings.ts';

/** For as long as nobody probes. */
const PROBE_TTL_MS = 60_000;

/** Whether the queue can take work. */
export interface QueueState {
  /** false: the memory of Redis is full. */
  isWritable: boolean;
  /** Of `maxmemory`, in percent; null: Redis has no limit. */
  memoryPercent: number | null;
}

/** Asks Redis to write, which a replica, a full disk or full memory refuses though they answer a PING. */
export class QueueProbe {
  readonly #redis: Redis;
  readonly #keys: Keys;

  constructor(redis: Redis, settings: Pick<QueueSettings, 'prefix'>) {
    this.#redis = redis;
    this.#keys = new Keys(settings.prefix);
  }

  /**
   * Costs Redis no more than a PING: it changes a key only if that exists, which is never, and is refused wherever a
   * write is. What only a real write brings to light, such as a disk that has just become full, is for `read`.
   *
   * @returns false: the memory of Redis is full.
   * @throws SottoError `queue_unavailable` when Redis does not write for another reason.
   */
  async mayWrite(): Promise<boolean> {
    try {
      await this.#redis.set(this.#keys.absent, '1', 'PX', PROBE_TTL_MS, 'XX');
      return true;
    } catch (error) {
      if (error instanceof Error && error.message.startsWith('OOM ')) return false;
      return reach(Promise.reject(error));
    }
  }

  /** @throws SottoError `queue_unavailable` when Redis does not write, for whatever reason. */
  async mustWrite(): Promise<void> {
    const { isWritable } = await this.read();
    if (!isWritable) throw queueUnavailable(new Error('OOM'));
  }

  /**
   * One round trip.
   *
   * @throws SottoError `queue_unavailable`, also when Redis answers but does not write for another reason than memory.
   */
  async read(): Promise<QueueState> {
    const reply = await runScript(this.#redis, 'probe', [this.#keys.probe], { ttlMs: PROBE_TTL_MS });
    const [answer, info] = reply as [string, string];
    return { isWritable: answer === 'written', memoryPercent: memoryPercent(info) };
  }
}

/**
 * From INFO's lines `name:value`. Redis counts the same way before it refuses a write: without the buffers of replicas
 * and of the append-only file.
 */
export function memoryPercent(info: string): number | null {
  const bytes = (name: string) => Number(new RegExp(`^${name}:(\\d+)`, 'm').exec(info)?.[1] ?? 0);
  const limit = bytes('maxmemory');
  const counted = bytes('used_memory') - bytes('mem_not_counted_for_evict');
  return limit === 0 ? null : (100 * counted) / limit;
}
