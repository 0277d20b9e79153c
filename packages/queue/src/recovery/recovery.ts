import type { Redis } from 'ioredis';
import { Batches } from '../batches/batches.ts';
import { CATALOG, type Catalog } from '../catalog/catalog.ts';
import { acceptWork } from '../jobs/accept.ts';
import type { Producer } from '../jobs/producer.ts';
import { reach, replies } from '../redis/faults.ts';
import { Keys } from '../redis/keys.ts';
import type { QueueSettings } from '../redis/settings.ts';
import type { AttachInput } from '../runs/attachment.ts';
import { Runs } from '../runs/runs.ts';
import { type BatchManifest, readBatchManifest, readManifest } from './manifest.ts';

/** What Redis knows of something that has a manifest. */
export type ManifestState =
  /** Nothing, not even that it has expired. */
  | { kind: 'lost' }
  | { kind: 'processing' }
  /** `runId` null: of a batch. */
  | { kind: 'ended'; runId: string | null; endedAtMs: number }
  /** It was cancelled, or has expired. */
  | { kind: 'gone' };

/** Makes anew what Redis has lost, from manifests: under the same ids, so that its clients find it. Safe to repeat. */
export class Recovery {
  readonly #redis: Redis;
  readonly #keys: Keys;
  readonly #catalog: Catalog;
  readonly #runs: Runs;
  readonly #batches: Batches;
  readonly #producer: Producer;

  constructor(redis: Redis, settings: QueueSettings, producer: Producer) {
    this.#redis = redis;
    this.#keys = new Keys(settings.prefix);
    this.#catalog = settings.catalog ?? CATALOG;
    this.#runs = new Runs(redis, settings);
    this.#batches = new Batches(redis, settings);
    this.#producer = producer;
  }

  /** true for one of those who ask within that time, for each of the sweeps of the APIs. */
  async takesTurn(sweep: 'recovery' | 'library', everyMs: number): Promise<boolean> {
    return (await reach(this.#redis.set(this.#keys.turnOf(sweep), '1', 'PX', everyMs, 'NX'))) !== null;
  }

  /** In the order of the ids; two round trips for all of them. */
  async statesOf(requestIds: readonly string[]): Promise<ManifestState[]> {
    const { requests, runs } = this.#keys;
    const ofRequests = this.#redis.pipeline();
    for (const id of requestIds) {
      ofRequests.hmget(requests.record(id), 'runId', 'cancelledAtMs').exists(requests.tombstone(id));
    }
    const found = await replies(ofRequests);
    const ofRuns = this.#redis.pipeline();
    const records = requestIds.map((_, i) => found[2 * i] as [string | null, string | null]);
    for (const [runId] of records) ofRuns.hmget(runs.record(runId ?? ''), 'status', 'endedAtMs');
    const foundRuns = (await replies(ofRuns)) as [string | null, string | null][];
    return records.map(([runId, cancelledAtMs], i) => {
      const [status, endedAtMs] = foundRuns[i] ?? [null, null];
      if (runId === null) return { kind: found[2 * i + 1] === 1 ? 'gone' : 'lost' };
      if (cancelledAtMs !== null || status === null) return { kind: 'gone' };
      return status === 'processing' ? { kind: 'processing' } : { kind: 'ended', runId, endedAtMs: Number(endedAtMs) };
    });
  }

  async stateOfBatch(id: string): Promise<ManifestState> {
    const [state, endedAtMs] = await reach(this.#redis.hmget(this.#keys.batches.record(id), 'state', 'endedAtMs'));
    if (state === 'completed') return { kind: 'ended', runId: null, endedAtMs: Number(endedAtMs) };
    // One that is still being received, says Redis, has been accepted: it has a manifest.
    return { kind: state === 'processing' ? 'processing' : 'lost' };
  }

  /** Whether Redis knows of the batch, if only as one that is being received. */
  async knowsBatch(id: string): Promise<boolean> {
    return (await reach(this.#redis.exists(this.#keys.batches.record(id)))) === 1;
  }

  /** null: a newer build wrote it, or it is damaged. */
  readRequest(manifest: string): AttachInput | null {
    return readManifest(manifest, this.#catalog);
  }

  /** The same. */
  readBatch(manifest: string): BatchManifest | null {
    return readBatchManifest(manifest);
  }

  /** @throws SottoError `queue_unavailable`, `quota_exceeded` */
  async restoreRequest(input: AttachInput): Promise<void> {
    await acceptWork(this.#runs, this.#producer, input);
  }

  /** Its requests are restored for themselves. @throws SottoError `queue_unavailable` */
  async restoreBatch({ id, keyId, ...batch }: BatchManifest): Promise<void> {
    await this.#batches.restore(id, batch, keyId);
  }
}
