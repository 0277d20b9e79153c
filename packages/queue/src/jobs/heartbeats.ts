import { type EngineKind, type Heartbeat, type InstalledModel, installedModelSchema } from '@sotto/contracts';
import type { Redis } from 'ioredis';
import { z } from 'zod';
import { reach, replies } from '../redis/faults.ts';
import { Keys } from '../redis/keys.ts';
import { readOrSkip } from '../redis/readable.ts';
import type { QueueSettings, RecordKind } from '../redis/settings.ts';
import { type Fleet, modelsOf, reportedModels } from './fleet.ts';
import { heartbeatRecord, readHeartbeat } from './heartbeat-record.ts';
import { DEFAULT_FIELD } from './model-wishes.ts';

export const HEARTBEAT_INTERVAL_MS = 5000;
/** A worker without a heartbeat for this long counts as dead. */
const HEARTBEAT_TTL_MS = 15_000;

/** A model that no worker has reported for this long is forgotten. */
const MODEL_TTL_MS = 7 * 24 * 3600 * 1000;

const seenModelSchema = installedModelSchema.extend({ seenAtMs: z.int() });

/** A model as an engine last reported it. */
type SeenModel = InstalledModel & { seenAtMs: number };

const readSeenModel = (json: string): SeenModel => seenModelSchema.parse(JSON.parse(json));

/** Which workers are alive: each writes a heartbeat that expires, and one without a heartbeat counts as dead. */
export class Heartbeats {
  readonly #redis: Redis;
  readonly #keys: Keys;
  readonly #settings: QueueSettings;

  constructor(redis: Redis, settings: QueueSettings) {
    this.#redis = redis;
    this.#keys = new Keys(settings.prefix);
    this.#settings = settings;
  }

  async beat(heartbeat: Heartbeat): Promise<void> {
    const now = Date.now();
    const pipeline = this.#redis
      .pipeline()
      .set(this.#keys.fleet.worker(heartbeat.workerId), heartbeatRecord(heartbeat), 'PX', HEARTBEAT_TTL_MS)
      .zadd(this.#keys.fleet.workers, now, heartbeat.workerId)
      .pexpire(this.#keys.fleet.workers, HEARTBEAT_TTL_MS);
    for (const { kind, models } of heartbeat.engines) {
      for (const model of models) {
        const seen: SeenModel = { ...model, seenAtMs: now };
        pipeline.hset(this.#keys.fleet.models(kind), model.name, JSON.stringify(seen));
      }
      if (models.length > 0) pipeline.pexpire(this.#keys.fleet.models(kind), MODEL_TTL_MS);
    }
    await replies(pipeline);
  }

  /** Living workers, by id; without those whose heartbeat cannot be read. */
  async list(): Promise<Heartbeat[]> {
    const oldest = Date.now() - HEARTBEAT_TTL_MS;
    const ids = await reach(this.#redis.zrangebyscore(this.#keys.fleet.workers, oldest, '+inf'));
    if (ids.length === 0) return [];
    const beats = await reach(this.#redis.mget(ids.map((id) => this.#keys.fleet.worker(id))));
    return ids
      .map((id, i) => this.#read('heartbeat', id, beats[i] ?? null, readHeartbeat))
      .filter((beat) => beat !== null)
      .sort((a, b) => a.workerId.localeCompare(b.workerId));
  }

  /** Living workers, and the models that engines of this kind have. */
  async fleet(kind: EngineKind): Promise<Fleet> {
    const wish = reach(this.#redis.hget(this.#keys.fleet.modelWishes, DEFAULT_FIELD));
    const [workers, remembered, wishedDefault] = await Promise.all([this.list(), this.#rememberedModels(kind), wish]);
    return { workers, models: modelsOf(kind, workers, remembered), wishedDefault };
  }

  /**
   * Forgets models that no living worker reports, so that they do not reappear when all workers are gone. A worker
   * calls it when its models have changed and its heartbeat says so.
   */
  async forgetModels(kind: EngineKind): Promise<void> {
    const key = this.#keys.fleet.models(kind);
    const [workers, names] = await Promise.all([this.list(), reach(this.#redis.hkeys(key))]);
    const reported = reportedModels(kind, workers);
    const gone = names.filter((name) => reported?.every((model) => model.name !== name));
    if (gone.length > 0) await reach(this.#redis.hdel(key, ...gone));
  }

  /** Models that an engine of this kind has reported within a week. */
  async #rememberedModels(kind: EngineKind): Promise<InstalledModel[]> {
    const oldest = Date.now() - MODEL_TTL_MS;
    const seen = await reach(this.#redis.hgetall(this.#keys.fleet.models(kind)));
    return Object.entries(seen)
      .map(([name, json]) => this.#read('model', name, json, readSeenModel))
      .filter((model): model is SeenModel => model !== null && model.seenAtMs >= oldest)
      .map(({ seenAtMs: _, ...model }) => model);
  }

  #read<T>(record: RecordKind, id: string, json: string | null, read: (json: string) => T): T | null {
    return json === null ? null : readOrSkip(this.#settings, record, id, () => read(json));
  }

  /** The worker stops in an orderly way. */
  async remove(workerId: string): Promise<void> {
    await replies(
      this.#redis.pipeline().del(this.#keys.fleet.worker(workerId)).zrem(this.#keys.fleet.workers, workerId),
    );
  }
}
