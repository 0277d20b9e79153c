import type { JobRequest, Run } from '@sotto/contracts';
import type { Redis } from 'ioredis';
import { prioritized, takenFirst } from '../redis/bullmq-layout.ts';
import { reach } from '../redis/faults.ts';
import { hashOf } from '../redis/hash.ts';
import { childSuffix, indexMember } from '../redis/ids.ts';
import { RUN_PARTS } from '../redis/keys/runs.ts';
import { UnreadableRecord } from '../redis/readable.ts';
import { ScriptParts } from '../redis/script-parts.ts';
import { runScript, scriptArgument } from '../redis/scripts.ts';
import type { QueueSettings } from '../redis/settings.ts';
import { attachRequest } from './attach.ts';
import type { Attached, AttachInput, RequestView } from './attachment.ts';
import { RunLifecycle } from './lifecycle.ts';
import { requestOf, runOf, seenBy } from './records.ts';
import { listRequests, type RequestFilter, type RequestPage } from './request-list.ts';
import type { RunStore } from './run-store.ts';

/** What became of a request that was to be forgotten. */
export interface Forgotten {
  outcome: 'unknown' | 'processing' | 'forgotten' | 'run_forgotten';
  /** Of a result that was in storage; null: there was none. */
  blobKey: string | null;
}

/** Runs and the requests attached to them: what clients ask for, beside what workers do (RunLifecycle). */
export class Runs extends RunLifecycle {
  readonly #settings: QueueSettings;
  readonly #viewArgument: string;

  constructor(redis: Redis, settings: QueueSettings) {
    super(redis, settings);
    this.#settings = settings;
    this.#viewArgument = viewArgument(this.store);
  }

  /**
   * Attaches a request to the processing or completed run of the same work, or to a new run. While that run is
   * processing the caller then calls Producer.submit, joined or not: it repairs a run whose first caller died between
   * the two.
   *
   * @throws SottoError `key_full`, `quota_exceeded`.
   */
  attach(input: AttachInput): Promise<Attached> {
    return attachRequest(this.store, input);
  }

  async request(requestId: string): Promise<JobRequest | null> {
    const { redis, keys } = this.store;
    return requestOf(await reach(redis.hgetall(keys.requests.record(requestId))))?.request ?? null;
  }

  /**
   * A request with its run, in one round trip. 'expired': known, but its result is gone (410). null: unknown (404), or
   * not readable. With `owner` (a key id, or null where keys are off), requests of others are unknown.
   */
  async view(requestId: string, owner?: string | null): Promise<RequestView | 'expired' | null> {
    const view = await this.#viewIfReadable(requestId, owner);
    return view === 'unreadable' ? null : view;
  }

  async #viewIfReadable(
    requestId: string,
    owner?: string | null,
  ): Promise<RequestView | 'expired' | 'unreadable' | null> {
    try {
      return await this.#view(requestId, owner);
    } catch (error) {
      if (!(error instanceof UnreadableRecord)) throw error;
      this.#settings.onUnreadable?.('request', requestId, error);
      return 'unreadable';
    }
  }

  async #view(requestId: string, owner?: string | null): Promise<RequestView | 'expired' | null> {
    const { redis, keys, catalog } = this.store;
    const own = [keys.requests.record(requestId), keys.requests.tombstone(requestId), keys.runs.stem];
    const reply = await runScript(redis, 'view', own, this.#viewArgument);
    const [answer, first, second, before] = reply as [string, unknown, unknown, number];
    if (answer === 'expired') return owner === undefined || (owner ?? '') === String(first) ? 'expired' : null;
    const record = requestOf(hashOf(first));
    const run = runOf(hashOf(second), catalog);
    if (record === null || run === null) return null;
    if (owner !== undefined && owner !== record.request.keyId) return null;
    const seen = seenBy(record, run);
    const isWaiting = seen.status === 'processing' && before >= 0;
    return { request: record.request, run: seen, position: isWaiting ? before + 1 : null };
  }

  /** Newest first; a key sees its own requests, null sees all. Those that cannot be read are left out. */
  list(filter: RequestFilter): Promise<RequestPage> {
    const { redis, keys } = this.store;
    return listRequests(redis, keys, (requestId) => this.#viewIfReadable(requestId), filter);
  }

  /**
   * The request leaves its run and counts as cancelled. `last`: no request is left on the run, and the caller cancels
   * it. Leaving a run that has ended changes nothing (see forget).
   */
  async detach(requestId: string): Promise<{ run: Run | null; last: boolean }> {
    const { redis, keys, retention, catalog } = this.store;
    const own = [keys.requests.record(requestId), keys.requests.tombstone(requestId)];
    const reply = await runScript(redis, 'detach', own, {
      requestId,
      now: Date.now(),
      runStem: keys.runs.stem,
      outbox: new ScriptParts(keys).outbox,
      retentionMs: retention.ttlMs.cancelled,
      tombstoneMs: retention.tombstoneMs,
    });
    const [answer, hash] = reply as [string, unknown];
    return { run: runOf(hashOf(hash), catalog), last: answer === 'last' };
  }

  /**
   * Brings the run of a request into the interactive lane, for the caller to move its jobs (Producer.moveUp); where it is there
   * already, that is done again. null: it has ended, or the request has left it.
   */
  async raise(requestId: string): Promise<Run | null> {
    const { redis, keys, catalog } = this.store;
    const reply = await runScript(redis, 'raise', [keys.requests.record(requestId)], { runStem: keys.runs.stem });
    const [answer, hash] = reply as [string, unknown];
    return answer === 'raised' ? runOf(hashOf(hash), catalog) : null;
  }

  /**
   * Deletes a request for good; afterwards it is unknown. The last request of an ended run takes the run and its result
   * with it (`run_forgotten`; the caller then deletes a result that is in storage). `processing`: refused, detach it
   * first.
   */
  async forget(requestId: string): Promise<Forgotten> {
    const { redis, keys } = this.store;
    const request = await this.request(requestId);
    if (request === null) return { outcome: 'unknown', blobKey: null };
    const { requests } = keys;
    const own = [requests.record(requestId), requests.tombstone(requestId), requests.webhookAttempts(requestId)];
    const reply = await runScript(redis, 'forget', own, {
      requestId,
      runStem: keys.runs.stem,
      parts: RUN_PARTS,
      indexes: {
        keys: [requests.index(null), requests.index(request.keyId)],
        member: indexMember(request.createdAtMs, requestId),
      },
    });
    const [outcome, reference = ''] = reply as [Forgotten['outcome'], string?];
    return { outcome, blobKey: blobKeyOf(reference === '' ? null : JSON.parse(reference)) };
  }
}

/** The same for every view, and views are asked for often. */
function viewArgument({ keys, catalog }: RunStore): string {
  const kinds = catalog.runKinds.map((kind) => {
    const queue = catalog.driverQueue(kind);
    const first = catalog.run(kind).firstSteps.map(({ step, job }) => {
      return { waiting: prioritized(keys.prefix, catalog.job(job).queue), suffix: childSuffix(step, 0) };
    });
    return [kind, { taken: takenFirst(keys.prefix, queue), waiting: prioritized(keys.prefix, queue), first }];
  });
  return scriptArgument({ kinds: Object.fromEntries(kinds) });
}

function blobKeyOf(reference: unknown): string | null {
  if (typeof reference !== 'object' || reference === null || !('blobKey' in reference)) return null;
  return typeof reference.blobKey === 'string' ? reference.blobKey : null;
}
