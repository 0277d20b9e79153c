import type { Redis } from 'ioredis';
import { replies } from '../redis/faults.ts';
import { Keys } from '../redis/keys.ts';
import type { QueueSettings } from '../redis/settings.ts';
import type { JobData } from './taken-job.ts';

/** What work was asked for by. */
export interface Origin {
  /** The API key; null: keys are off, or it is not known. */
  keyId: string | null;
  /** null: it is for none, for several, or for what is gone. */
  jobId: string | null;
  runId: string | null;
  /** The trace of the request, in the form of W3C Trace Context; null: it is not traced. */
  trace: string | null;
}

const UNKNOWN: Origin = { keyId: null, jobId: null, runId: null, trace: null };

/**
 * Where work comes from, for log lines and traces. The trace is a field of a run or a batch that only processes which
 * trace write; builds that do not know it leave it alone.
 */
export class Origins {
  readonly #redis: Redis;
  readonly #keys: Keys;

  constructor(redis: Redis, settings: Pick<QueueSettings, 'prefix'>) {
    this.#redis = redis;
    this.#keys = new Keys(settings.prefix);
  }

  /** Of any job: by its run, or by what a webhook is about. */
  ofJob({ data }: JobData): Promise<Origin> {
    const { runId, subject } = (data ?? {}) as { runId?: unknown; subject?: unknown };
    if (typeof runId === 'string') return this.#ofRun(runId);
    return typeof subject === 'string' ? this.#ofSubject(subject) : Promise.resolve(UNKNOWN);
  }

  async #ofRun(runId: string): Promise<Origin> {
    const { runs } = this.#keys;
    const [fields, requests] = await replies(
      this.#redis.pipeline().hmget(runs.record(runId), 'keyId', 'trace').srandmember(runs.requests(runId), 2),
    );
    const [keyId, trace] = fields as (string | null)[];
    const [jobId, another] = requests as string[];
    return {
      keyId: keyId || null,
      jobId: another === undefined ? (jobId ?? null) : null,
      runId,
      trace: trace || null,
    };
  }

  /** Of a request, of a batch, or of a quota, of which nothing is known here. */
  async #ofSubject(id: string): Promise<Origin> {
    const { requests, batches } = this.#keys;
    const [ofRequest, ofBatch] = await replies(
      this.#redis.pipeline().hmget(requests.record(id), 'keyId', 'runId').hmget(batches.record(id), 'keyId', 'trace'),
    );
    const [requestKeyId, runId] = ofRequest as (string | null)[];
    if (runId) return { ...(await this.#ofRun(runId)), keyId: requestKeyId || null, jobId: id };
    const [batchKeyId, trace] = ofBatch as (string | null)[];
    return { ...UNKNOWN, keyId: batchKeyId || null, trace: trace || null };
  }
}
