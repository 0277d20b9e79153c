import type { Redis } from 'ioredis';
import { reach } from '../redis/faults.ts';
import { Keys } from '../redis/keys.ts';
import type { QueueSettings } from '../redis/settings.ts';

/**
 * Which trace a run belongs to: a field of its record, in the form of W3C Trace Context, that only processes which trace
 * write and read. Builds that do not know it leave it alone.
 */
export class Traces {
  readonly #redis: Redis;
  readonly #keys: Keys;

  constructor(redis: Redis, settings: Pick<QueueSettings, 'prefix'>) {
    this.#redis = redis;
    this.#keys = new Keys(settings.prefix);
  }

  /** null: it is not traced, or there is no such run. */
  async ofRun(runId: string): Promise<string | null> {
    return (await reach(this.#redis.hget(this.#keys.runs.record(runId), 'trace'))) || null;
  }

  /** Of the run that a request is attached to. */
  async ofRequest(requestId: string): Promise<string | null> {
    const runId = await reach(this.#redis.hget(this.#keys.requests.record(requestId), 'runId'));
    return runId === null ? null : this.ofRun(runId);
  }
}
