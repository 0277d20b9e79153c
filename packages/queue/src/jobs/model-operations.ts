import { randomUUID } from 'node:crypto';
import {
  type ModelOperation,
  type ModelOperationKind,
  modelOperationSchema,
  type OperationReport,
  operationReportSchema,
} from '@sotto/contracts';
import type { Redis } from 'ioredis';
import { reach, replies } from '../redis/faults.ts';
import { Keys } from '../redis/keys.ts';
import { readOrSkip } from '../redis/readable.ts';
import type { QueueSettings } from '../redis/settings.ts';

const KEPT_MS = 24 * 3_600_000;
/** Runs that are looked at in one round trip. */
const PAGE = 500;

/**
 * What workers are to do, once, with their files of models: each with models does it in its own folder, which others may share, and
 * reports how far it is. There is one operation for a model; a later one takes its place, and ends it where it is under way.
 */
export class ModelOperations {
  readonly #redis: Redis;
  readonly #keys: Keys;
  readonly #settings: QueueSettings;

  constructor(redis: Redis, settings: QueueSettings) {
    this.#redis = redis;
    this.#keys = new Keys(settings.prefix);
    this.#settings = settings;
  }

  async begin(kind: ModelOperationKind, model: string, nowMs: number): Promise<ModelOperation> {
    const operation: ModelOperation = { id: randomUUID(), kind, model, createdAtMs: nowMs };
    const key = this.#keys.fleet.modelOperations;
    await replies(this.#redis.multi().hset(key, model, JSON.stringify(operation)).pexpire(key, KEPT_MS));
    return operation;
  }

  /** Those of the last day, the oldest first. */
  async list(): Promise<ModelOperation[]> {
    const stored = await reach(this.#redis.hgetall(this.#keys.fleet.modelOperations));
    return Object.entries(stored)
      .map(([model, json]) =>
        readOrSkip(this.#settings, 'model', model, () => modelOperationSchema.parse(JSON.parse(json))),
      )
      .filter((operation) => operation !== null)
      .filter(({ createdAtMs }) => createdAtMs > Date.now() - KEPT_MS)
      .sort((a, b) => a.createdAtMs - b.createdAtMs);
  }

  async report({ id }: Pick<ModelOperation, 'id'>, workerId: string, report: OperationReport): Promise<void> {
    const key = this.#keys.fleet.modelOperation(id);
    await replies(this.#redis.multi().hset(key, workerId, JSON.stringify(report)).pexpire(key, KEPT_MS));
  }

  /** By the ids of the workers. */
  async reports({ id }: Pick<ModelOperation, 'id'>): Promise<Map<string, OperationReport>> {
    const stored = await reach(this.#redis.hgetall(this.#keys.fleet.modelOperation(id)));
    const read = (json: string) => operationReportSchema.parse(JSON.parse(json));
    const entries = Object.entries(stored).map(
      ([workerId, json]) => [workerId, readOrSkip(this.#settings, 'model', workerId, () => read(json))] as const,
    );
    return new Map(entries.filter((entry): entry is [string, OperationReport] => entry[1] !== null));
  }

  /** Whether work that was accepted still needs the model. */
  async isNeeded(model: string): Promise<boolean> {
    const { runs } = this.#keys;
    const ids = await reach(this.#redis.zrange(runs.processing, '0', '-1'));
    for (let from = 0; from < ids.length; from += PAGE) {
      const pipeline = this.#redis.pipeline();
      for (const id of ids.slice(from, from + PAGE)) pipeline.hget(runs.record(id), 'options');
      const options = (await replies(pipeline)) as (string | null)[];
      if (options.some((json) => modelIn(json)?.toLowerCase() === model.toLowerCase())) return true;
    }
    return false;
  }
}

function modelIn(options: string | null): string | null {
  if (options === null) return null;
  const { model } = JSON.parse(options) as { model?: unknown };
  return typeof model === 'string' ? model : null;
}
