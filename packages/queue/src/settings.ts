/** What the queue package needs to know; parsed from the environment by each process. */
export interface QueueSettings {
  /** Starts every key, channel and queue of this service. On a Redis Cluster give it a hash tag: `{sotto}`. */
  prefix: string;
  /** How long a result, and everything else of a finished run, is kept. */
  resultTtlSeconds: number;
  /** The same for failed and cancelled runs; default: as results. */
  failedTtlSeconds?: number;
}

export const DEFAULT_PREFIX = 'sotto';

/** A request whose result is gone is still known (410 instead of 404) for this many times the keeping time. */
export const TOMBSTONE_TTL_FACTOR = 7;
