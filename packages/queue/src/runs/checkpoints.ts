import type { RunEvent, RunKind } from '@sotto/contracts';
import type { Redis } from 'ioredis';
import type { z } from 'zod';
import { CATALOG, type Catalog, type StageShare } from '../catalog/catalog.ts';
import { reach } from '../redis/faults.ts';
import { Keys } from '../redis/keys.ts';
import { ScriptParts } from '../redis/script-parts.ts';
import { runScript } from '../redis/scripts.ts';
import type { QueueSettings } from '../redis/settings.ts';

/** Where a kind of run keeps count of children that leave checkpoints. */
export interface CheckpointKind {
  kind: RunKind;
  /** In which they are worked on. */
  stage: string;
  /** Numbers of its record: how many there are, and how many are done. */
  total: string;
  done: string;
}

/** What is stored of a child, what is told of it, and what is added to numbers of its run. */
export interface Checkpoint<T> {
  result: T;
  events: readonly RunEvent[];
  sums: Readonly<Record<string, number>>;
}

/**
 * Checkpoints of the children of runs of one kind, by index: whatever is done is not done again, and what is told of
 * them comes in their order.
 */
export class Checkpoints<T extends { index: number }> {
  readonly #redis: Redis;
  readonly #keys: Keys;
  readonly #catalog: Catalog;
  readonly #parts: ScriptParts;
  readonly #of: CheckpointKind;
  readonly #schema: z.ZodType<T>;

  constructor(redis: Redis, settings: QueueSettings, of: CheckpointKind, schema: z.ZodType<T>) {
    this.#redis = redis;
    this.#keys = new Keys(settings.prefix);
    this.#catalog = settings.catalog ?? CATALOG;
    this.#parts = new ScriptParts(this.#keys);
    this.#of = of;
    this.#schema = schema;
  }

  get stage(): StageShare {
    return this.#catalog.stage(this.#of.kind, this.#of.stage);
  }

  /** false: there is one already, or the run has ended; nothing was changed. */
  async put(runId: string, { result, events, sums }: Checkpoint<T>): Promise<boolean> {
    const { runs } = this.#keys;
    const { kind, total, done } = this.#of;
    const reply = await runScript(
      this.#redis,
      'child-result',
      [runs.record(runId), runs.windows(runId), runs.texts(runId), runs.fractions(runId)],
      {
        runId,
        index: result.index,
        total,
        done,
        sums: Object.fromEntries(Object.entries(sums).map(([field, amount]) => [field, Math.round(amount)])),
        stage: this.stage,
        backlogs: this.#parts.backlogs(this.#catalog.run(kind).unit),
        feed: this.#parts.feed(runId),
      },
      JSON.stringify(result),
      // JSON contains no raw line breaks.
      events.map((event) => JSON.stringify(event)).join('\n'),
    );
    return reply === 'stored';
  }

  async find(runId: string, index: number): Promise<T | null> {
    const json = await reach(this.#redis.hget(this.#keys.runs.windows(runId), String(index)));
    return json === null ? null : this.#schema.parse(JSON.parse(json));
  }

  /** In order. */
  async all(runId: string): Promise<T[]> {
    const jsons = await reach(this.#redis.hvals(this.#keys.runs.windows(runId)));
    return jsons.map((json) => this.#schema.parse(JSON.parse(json))).sort((a, b) => a.index - b.index);
  }
}
