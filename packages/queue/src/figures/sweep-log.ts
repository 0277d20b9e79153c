import type { Redis } from 'ioredis';
import { z } from 'zod';
import { reach, replies } from '../redis/faults.ts';
import { Keys } from '../redis/keys.ts';
import type { QueueSettings } from '../redis/settings.ts';

const WEEK_MS = 7 * 24 * 3600 * 1000;

/** What is in storage, as a sweep found it. */
export interface HeldBlobs {
  uploads: number;
  uploadBytes: number;
  /** Decoded audio of runs in processing. */
  audioBytes: number;
}

/** What one sweep did. */
export interface SweepCounts {
  /** Runs whose vanished job it added again. */
  resubmitted: number;
  /** Runs whose job had failed without ending them. */
  failed: number;
  /** Runs without any request. */
  cancelled: number;
  /** Leftover blobs. */
  removed: number;
}

const number = z.coerce.number().default(0);
export const sweepFiguresSchema = z.object({
  /** When a sweep last reached its end, in milliseconds since 1970; null: none has in a week. */
  lastSuccessAtMs: z.coerce.number().nullable().default(null),
  uploads: number,
  uploadBytes: number,
  audioBytes: number,
  /** Totals of all sweeps since the first, or since a week without any. */
  totals: z.object({ sweeps: number, resubmitted: number, failed: number, cancelled: number, removed: number }),
});
export type SweepFigures = z.infer<typeof sweepFiguresSchema>;

const TOTALS = ['sweeps', 'resubmitted', 'failed', 'cancelled', 'removed'] as const;

/** What sweeps found and did, of all workers together: any of them may do the next one. */
export class SweepLog {
  readonly #redis: Redis;
  readonly #key: string;

  constructor(redis: Redis, settings: Pick<QueueSettings, 'prefix'>) {
    this.#redis = redis;
    this.#key = new Keys(settings.prefix).figures.sweep;
  }

  /** A sweep has reached its end. */
  async add(counts: SweepCounts, held: HeldBlobs, nowMs = Date.now()): Promise<void> {
    const change = this.#redis.multi().hset(this.#key, { lastSuccessAtMs: nowMs, ...held });
    for (const [name, by] of Object.entries({ sweeps: 1, ...counts })) change.hincrby(this.#key, `total:${name}`, by);
    await replies(change.pexpire(this.#key, WEEK_MS));
  }

  async read(): Promise<SweepFigures> {
    const hash = await reach(this.#redis.hgetall(this.#key));
    const totals = Object.fromEntries(TOTALS.map((name) => [name, hash[`total:${name}`]]));
    return sweepFiguresSchema.parse({ ...hash, totals });
  }
}
