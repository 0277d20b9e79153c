import type { Redis } from 'ioredis';
import { reach } from '../redis/faults.ts';
import { Keys } from '../redis/keys.ts';
import type { QueueSettings } from '../redis/settings.ts';

/** Kept that long for a worker that does not look any more; one that does starts the time anew. */
const KEPT_MS = 3_600_000;

/** Which workers are to take no new jobs, as operators want it: each looks for itself. A worker that has started anew takes jobs. */
export class WorkerDrains {
  readonly #redis: Redis;
  readonly #keys: Keys;

  constructor(redis: Redis, settings: Pick<QueueSettings, 'prefix'>) {
    this.#redis = redis;
    this.#keys = new Keys(settings.prefix);
  }

  async begin(workerId: string): Promise<void> {
    await reach(this.#redis.set(this.#keys.fleet.drain(workerId), '1', 'PX', KEPT_MS));
  }

  async end(workerId: string): Promise<void> {
    await reach(this.#redis.del(this.#keys.fleet.drain(workerId)));
  }

  /** For the worker itself: whether it is to take no new jobs. */
  async holdsFor(workerId: string): Promise<boolean> {
    return (await reach(this.#redis.pexpire(this.#keys.fleet.drain(workerId), KEPT_MS))) === 1;
  }
}
