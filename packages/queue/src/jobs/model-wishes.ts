import type { Redis } from 'ioredis';
import { reach } from '../redis/faults.ts';
import { Keys } from '../redis/keys.ts';
import type { QueueSettings } from '../redis/settings.ts';

/** What operators want of the models of all workers. */
export interface WishedModels {
  /** null: what each worker was configured with. */
  defaultModel: string | null;
  /** Stay in memory, in the order of their names. */
  preloaded: string[];
}

export const DEFAULT_FIELD = 'default';
const PRELOAD = 'preload:';

/** Wishes about models: kept until they are taken back, and followed by every worker that can. */
export class ModelWishes {
  readonly #redis: Redis;
  readonly #key: string;

  constructor(redis: Redis, settings: Pick<QueueSettings, 'prefix'>) {
    this.#redis = redis;
    this.#key = new Keys(settings.prefix).fleet.modelWishes;
  }

  async read(): Promise<WishedModels> {
    const fields = await reach(this.#redis.hgetall(this.#key));
    const preloaded = Object.keys(fields).filter((field) => field.startsWith(PRELOAD));
    return {
      defaultModel: fields[DEFAULT_FIELD] ?? null,
      preloaded: preloaded.map((field) => field.slice(PRELOAD.length)).sort(),
    };
  }

  async setDefault(model: string | null): Promise<void> {
    if (model === null) await reach(this.#redis.hdel(this.#key, DEFAULT_FIELD));
    else await reach(this.#redis.hset(this.#key, DEFAULT_FIELD, model));
  }

  async preload(model: string): Promise<void> {
    await reach(this.#redis.hset(this.#key, `${PRELOAD}${model}`, '1'));
  }

  /** @returns false when it was not preloaded */
  async release(model: string): Promise<boolean> {
    return (await reach(this.#redis.hdel(this.#key, `${PRELOAD}${model}`))) > 0;
  }
}
