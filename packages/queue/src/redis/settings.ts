import type { Status } from '@sotto/contracts';
import type { Catalog } from '../catalog/catalog.ts';

/** What the queue package needs to know; parsed from the environment by each process. */
export interface QueueSettings {
  /** Starts every key, channel and queue of this service. On a Redis Cluster give it a hash tag: `{sotto}`. */
  prefix: string;
  /** How long a result, and everything else of a finished run, is kept. */
  resultTtlSeconds: number;
  /** The same for failed and cancelled runs; default: as results. */
  failedTtlSeconds?: number;
  /** How long usage per key and day is kept; default: 400 days. */
  usageDays?: number;
  /** Kinds of work; default: the service's. Tests have kinds of their own. */
  catalog?: Catalog;
  /** Told of a record that a reader of many left out; see readOrSkip. */
  onUnreadable?(record: RecordKind, id: string, reason: unknown): void;
}

/** Records that several builds write, so that one may meet what it cannot read. */
export type RecordKind = 'run' | 'request' | 'heartbeat' | 'model' | 'batch';

export const DEFAULT_PREFIX = 'sotto';

export const USAGE_DAYS = 400;

const DAY_MS = 86_400_000;

/** A request whose result is gone is still known (410 instead of 404) for this many times as long as its result was kept. */
const TOMBSTONE_TTL_FACTOR = 7;

/** How long what is kept after the end of a run, in whole milliseconds. */
export class Retention {
  readonly ttlMs: Record<Exclude<Status, 'processing'>, number>;
  readonly tombstoneMs: number;
  /** After the end of the day it is of. */
  readonly usageMs: number;

  constructor({ resultTtlSeconds, failedTtlSeconds = resultTtlSeconds, usageDays = USAGE_DAYS }: QueueSettings) {
    const completed = Math.round(resultTtlSeconds * 1000);
    const failed = Math.round(failedTtlSeconds * 1000);
    this.ttlMs = { completed, failed, cancelled: failed };
    this.usageMs = usageDays * DAY_MS;
    this.tombstoneMs = Math.max(completed, failed) * TOMBSTONE_TTL_FACTOR;
  }
}
