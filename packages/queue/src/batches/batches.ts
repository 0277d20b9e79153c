import type { BatchItem, DeliveryOptions, Status } from '@sotto/contracts';
import type { Redis } from 'ioredis';
import { reach, replies } from '../redis/faults.ts';
import { RUN_PARTS } from '../redis/keys/runs.ts';
import { Keys } from '../redis/keys.ts';
import { readOrSkip } from '../redis/readable.ts';
import { ScriptParts } from '../redis/script-parts.ts';
import { runScript } from '../redis/scripts.ts';
import { type QueueSettings, Retention } from '../redis/settings.ts';
import { Runs } from '../runs/runs.ts';
import { type Batch, type BatchItemView, type BatchView, batchItemOf, batchOf } from './batch-records.ts';

/** The process that receives a batch renews its lease; if it dies, the lease expires and the sweep drops the batch. */
export const BATCH_LEASE_MS = 60_000;

export interface AcceptedBatch {
  items: BatchItem[];
  delivery: DeliveryOptions;
  nowMs: number;
}

/** What a dropped batch leaves for the caller to take back. */
export interface DroppedBatch {
  requestIds: string[];
  /** All of its staged uploads, with those of its requests. */
  blobKeys: string[];
}

/**
 * Batches: requests that are sent together and whose end is reported together. While its files are being received, a
 * batch has a lease and cannot be seen; `accept` makes it visible in one step. A process that dies before that leaves a
 * batch that the sweep drops with all its requests; one that dies later leaves nothing to repair.
 */
export class Batches {
  readonly #redis: Redis;
  readonly #keys: Keys;
  readonly #runs: Runs;
  readonly #retention: Retention;
  readonly #outbox: ScriptParts['outbox'];
  readonly #settings: QueueSettings;

  constructor(redis: Redis, settings: QueueSettings) {
    this.#redis = redis;
    this.#settings = settings;
    this.#keys = new Keys(settings.prefix);
    this.#runs = new Runs(redis, settings);
    this.#retention = new Retention(settings);
    this.#outbox = new ScriptParts(this.#keys).outbox;
  }

  /** `trace`: see Origins. */
  async begin(keyId: string | null, nowMs: number, trace: string | null = null): Promise<string> {
    const id = crypto.randomUUID();
    const keys = this.#keys;
    const fields = { id, state: 'accepting', keyId: keyId ?? '', createdAtMs: nowMs, ...(trace !== null && { trace }) };
    await replies(
      this.#redis
        .multi()
        .set(keys.batches.lease(id), '1', 'PX', BATCH_LEASE_MS)
        .hset(keys.batches.record(id), fields)
        .zadd(keys.batches.open, nowMs, id),
    );
    return id;
  }

  async renew(id: string): Promise<void> {
    await reach(this.#redis.pexpire(this.#keys.batches.lease(id), BATCH_LEASE_MS));
  }

  /** A staged upload: the sweep does not remove it while the batch is being received. */
  async stage(id: string, blobKey: string): Promise<void> {
    await reach(this.#redis.sadd(this.#keys.batches.staged(id), blobKey));
  }

  /** To be called before the request is attached, so that whoever drops the batch finds it. */
  async willAttach(id: string, requestId: string): Promise<void> {
    await reach(this.#redis.sadd(this.#keys.batches.requests(id), requestId));
  }

  /** false: it has been dropped, because its lease had expired. */
  accept(id: string, batch: AcceptedBatch): Promise<boolean> {
    return this.#accept(id, batch);
  }

  /** Accepts a batch that Redis has lost. false: it is there. */
  restore(id: string, batch: AcceptedBatch, keyId: string | null): Promise<boolean> {
    return this.#accept(id, batch, { keyId: keyId ?? '' });
  }

  async #accept(
    id: string,
    { items, delivery, nowMs }: AcceptedBatch,
    anew: { keyId: string } | null = null,
  ): Promise<boolean> {
    const keys = this.#keys;
    const accepted = items.filter(({ requestId }) => requestId !== null).length;
    const reply = await runScript(
      this.#redis,
      'batch-accept',
      [...this.#scriptKeys(id), keys.batches.lease(id), keys.batches.staged(id), keys.batches.requests(id)],
      {
        batchId: id,
        now: nowMs,
        retentionMs: this.#retention.ttlMs.completed,
        accepted,
        delivery: JSON.stringify(delivery),
        hasWebhook: delivery.webhookUrl !== undefined,
        items: items.map((item) => JSON.stringify(item)),
        ...(anew !== null && { anew }),
        outbox: this.#outbox,
      },
    );
    return reply === 'accepted';
  }

  /** An item has ended. The batch ends with the last one, and the retention of all its results starts anew. */
  async settle(id: string, requestId: string, status: Exclude<Status, 'processing'>): Promise<void> {
    const state = await runScript(this.#redis, 'batch-settle', this.#scriptKeys(id), {
      batchId: id,
      now: Date.now(),
      retentionMs: this.#retention.ttlMs.completed,
      requestId,
      status,
      outbox: this.#outbox,
    });
    if (state === 'ended') await this.#touch(await this.#requestIds(id));
  }

  /** null: unknown, not accepted yet, not readable, or expired. With `owner`, batches of other keys are unknown. */
  async find(id: string, owner?: string | null): Promise<Batch | null> {
    const hash = await reach(this.#redis.hgetall(this.#keys.batches.record(id)));
    const batch = readOrSkip(this.#settings, 'batch', id, () => batchOf(id, hash));
    return batch === null || (owner !== undefined && owner !== batch.keyId) ? null : batch;
  }

  async view(id: string, owner?: string | null): Promise<BatchView | null> {
    const batch = await this.find(id, owner);
    if (batch === null) return null;
    const [jsons, ended] = await replies(
      this.#redis.pipeline().lrange(this.#keys.batches.items(id), 0, -1).hgetall(this.#keys.batches.ended(id)),
    );
    const items = (jsons as string[]).map(batchItemOf);
    return { batch, items: await Promise.all(items.map((item) => this.#viewItem(item, ended as Hash))) };
  }

  /** The caller cancels its items. */
  async markCancelled(id: string): Promise<void> {
    await reach(this.#redis.hset(this.#keys.batches.record(id), 'cancelledAtMs', Date.now()));
  }

  /** Whether its process died before it was accepted, or while it was dropped. */
  async isLeft(id: string): Promise<boolean> {
    const [state, isLeased] = await replies(
      this.#redis.pipeline().hget(this.#keys.batches.record(id), 'state').exists(this.#keys.batches.lease(id)),
    );
    return state === 'dropped' || (state === 'accepting' && isLeased === 0);
  }

  /** null: it has been accepted, or its process is alive. `isOurs`: the caller owns the lease. */
  async drop(id: string, isOurs: boolean): Promise<DroppedBatch | null> {
    const keys = this.#keys;
    const reply = await runScript(
      this.#redis,
      'batch-drop',
      [keys.batches.record(id), keys.batches.lease(id), keys.batches.requests(id), keys.batches.staged(id)],
      { isOurs },
    );
    const [answer, requestIds = [], blobKeys = []] = reply as [string, string[]?, string[]?];
    return answer === 'dropped' ? { requestIds, blobKeys } : null;
  }

  /** Deletes everything stored of it; its requests are left to the caller. */
  async forget(id: string): Promise<void> {
    const keys = this.#keys;
    const own = [keys.batches.record(id), keys.batches.items(id), keys.batches.ended(id)];
    const draft = [keys.batches.lease(id), keys.batches.staged(id), keys.batches.requests(id)];
    await replies(
      this.#redis
        .multi()
        .del(...own, ...draft, keys.batches.webhookAttempts(id))
        .zrem(keys.batches.open, id),
    );
  }

  /** Batches that are being received or have not ended. */
  async open(): Promise<string[]> {
    return reach(this.#redis.zrange(this.#keys.batches.open, '0', '-1'));
  }

  /** Staged uploads of batches that are being received. */
  async stagedBlobKeys(): Promise<string[]> {
    const ids = await this.open();
    const staged = await Promise.all(ids.map((id) => reach(this.#redis.smembers(this.#keys.batches.staged(id)))));
    return staged.flat();
  }

  /**
   * Settles items whose end was not reported (cancelled or deleted one by one), and keeps the results of a batch that
   * takes longer than the retention of a result.
   */
  async repair(id: string): Promise<void> {
    const view = await this.view(id);
    if (view === null) return;
    for (const { item, view: seen, lastStatus } of view.items) {
      if (item.requestId === null || lastStatus !== null || seen?.run.status === 'processing') continue;
      await this.settle(id, item.requestId, seen === null ? 'cancelled' : endOf(seen.run.status));
    }
    const touchedAtMs = Number(await reach(this.#redis.hget(this.#keys.batches.record(id), 'touchedAtMs')));
    if (view.batch.status !== 'processing' || Date.now() - touchedAtMs < this.#retention.ttlMs.completed / 4) return;
    await this.#touch(view.items.flatMap(({ item }) => item.requestId ?? []));
    await reach(this.#redis.hset(this.#keys.batches.record(id), 'touchedAtMs', Date.now()));
  }

  async #viewItem(item: BatchItem, ended: Hash): Promise<BatchItemView> {
    const view = item.requestId === null ? null : await this.#runs.view(item.requestId);
    const last = item.requestId === null ? undefined : ended[item.requestId];
    const lastStatus = last === 'completed' || last === 'failed' || last === 'cancelled' ? last : null;
    return { item, view: view === 'expired' ? null : view, lastStatus };
  }

  async #requestIds(id: string): Promise<string[]> {
    const jsons = await reach(this.#redis.lrange(this.#keys.batches.items(id), 0, -1));
    return jsons.map(batchItemOf).flatMap(({ requestId }) => requestId ?? []);
  }

  async #touch(requestIds: string[]): Promise<void> {
    const retentionMs = this.#retention.ttlMs.completed;
    const argument = { runStem: this.#keys.runs.stem, parts: RUN_PARTS, retentionMs };
    await Promise.all(
      requestIds.map((requestId) =>
        runScript(this.#redis, 'batch-touch', [this.#keys.requests.record(requestId)], argument),
      ),
    );
  }

  #scriptKeys(id: string): string[] {
    const keys = this.#keys;
    return [keys.batches.record(id), keys.batches.items(id), keys.batches.ended(id), keys.batches.open];
  }
}

type Hash = Record<string, string>;

const endOf = (status: Status): Exclude<Status, 'processing'> => (status === 'processing' ? 'cancelled' : status);
