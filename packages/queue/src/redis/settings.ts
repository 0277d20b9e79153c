import type { Status } from '@sotto/contracts';
import type { Catalog } from '../catalog/catalog.ts';

/** Settings of the queue package; each process parses them from the environment. */
export interface QueueSettings {
  /** Prefix of every key, channel and queue. On a Redis Cluster it needs a hash tag: `{sotto}`. */
  prefix: string;
  /** Retention of a result, and of everything else of an ended run. */
  resultTtlSeconds: number;
  /** The same for failed and cancelled runs; default: `resultTtlSeconds`. */
  failedTtlSeconds?: number;
  /** Retention of usage per key and day; default: 400 days. */
  usageDays?: number;
  /** Kinds of work; default: those of the service. Tests have their own. */
  catalog?: Catalog;
  /** Called for each record that was left out of a list; see readOrSkip. */
  onUnreadable?(record: RecordKind, id: string, reason: unknown): void;
}

/** Records that builds of several versions write, so that one may be unreadable to another. */
export type RecordKind = 'run' | 'request' | 'heartbeat' | 'model' | 'batch' | 'vocabulary' | 'dictionary' | 'voice';

export const USAGE_DAYS = 400;

const DAY_MS = 86_400_000;

/** A request whose result has expired is still known (410 instead of 404) for this many times the retention. */
const TOMBSTONE_TTL_FACTOR = 7;

/**
 * A completed run can be joined for this many times its retention. Each request that joins is promised the result for
 * the full time, so without an end a run that is joined again and again would be kept for ever.
 */
export const JOINABLE_FACTOR = 7;

/** How long things are kept after the end of a run, in whole milliseconds. */
export class Retention {
  readonly ttlMs: Record<Exclude<Status, 'processing'>, number>;
  readonly tombstoneMs: number;
  /** After the end of the day or month that it is about. */
  readonly usageMs: number;

  constructor({ resultTtlSeconds, failedTtlSeconds = resultTtlSeconds, usageDays = USAGE_DAYS }: QueueSettings) {
    const completed = Math.round(resultTtlSeconds * 1000);
    const failed = Math.round(failedTtlSeconds * 1000);
    this.ttlMs = { completed, failed, cancelled: failed };
    this.usageMs = usageDays * DAY_MS;
    this.tombstoneMs = Math.max(completed, failed) * TOMBSTONE_TTL_FACTOR;
  }
}
