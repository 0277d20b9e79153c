import { type JobRequest, type Run, SottoError } from '@sotto/contracts';
import type { Redis } from 'ioredis';
import { type QuotaName, quotaExceeded } from '../access/quota.ts';
import { periodsAt } from '../access/usage-period.ts';
import type { RunKindDefinition } from '../catalog/runs.ts';
import { laneOfFirstTurn, movesUpWhenJoined } from '../order/lane.ts';
import { prioritiesOf } from '../order/priorities.ts';
import { type TurnReply, turnIn, turnOf } from '../order/turns.ts';
import { prioritized, takenFirst } from '../redis/bullmq-layout.ts';
import { reach } from '../redis/connection.ts';
import { hashOf } from '../redis/hash.ts';
import { childSuffix, indexMember } from '../redis/ids.ts';
import { ANONYMOUS_KEY, RUN_PARTS } from '../redis/keys.ts';
import { UnreadableRecord } from '../redis/readable.ts';
import { runScript, scriptArgument } from '../redis/scripts.ts';
import type { QueueSettings } from '../redis/settings.ts';
import type { Attached, AttachInput, RequestView } from './attachment.ts';
import { RunLifecycle } from './lifecycle.ts';
import { newRequestFields, newRun, newRunFields, requestOf, runOf, seenBy } from './records.ts';
import { listRequests, type RequestFilter, type RequestPage } from './request-list.ts';

/** Where nobody has measured how fast the service is. */
const KEY_FULL_RETRY_SECONDS = 10;

/** Runs, and the requests attached to them: what clients do, beside what workers do. */
export class Runs extends RunLifecycle {
  readonly #settings: QueueSettings;
  readonly #viewArgument: string;

  constructor(redis: Redis, settings: QueueSettings) {
    super(redis, settings);
    this.#settings = settings;
    this.#viewArgument = this.#argumentOfViews();
  }

  /**
   * Attaches a request to the processing or completed run of the same work, or to a new run. The caller then calls
   * Producer.submit while the run is processing, joined or not: that mends a run whose first caller died here.
   */
  async attach(input: AttachInput): Promise<Attached> {
    const { requestId, keyId, nowMs } = input;
    const { keys } = this;
    const definition = this.catalog.run(input.kind);
    const fresh = newRun(input, this.catalog);
    const workKey = input.workKey === null ? '' : keys.work(input.workKey);
    const lane = laneOfFirstTurn(fresh, this.catalog);
    const newRequest = { id: requestId, keyId, createdAtMs: nowMs, delivery: input.delivery, fileName: input.fileName };
    const own = [keys.request(requestId), keys.run(fresh.id), keys.processing, keys.tombstone(requestId)];
    const reply = await runScript(this.redis, 'attach', workKey === '' ? own : [...own, workKey], {
      requestId,
      runId: fresh.id,
      now: nowMs,
      modelDigest: input.modelDigest ?? '',
      request: newRequestFields(newRequest),
      run: newRunFields(fresh, definition, {
        workKey,
        modelDigest: input.modelDigest ?? '',
        stepsBack: input.delivery.priority === 'batch',
      }),
      runStem: keys.runStem,
      parts: RUN_PARTS,
      movesUp: movesUpWhenJoined(input.lane),
      indexes: {
        keys: [keys.requestIndex(null), keys.requestIndex(keyId)],
        member: indexMember(nowMs, requestId),
        idleMs: this.retention.tombstoneMs,
      },
      retentionMs: definition.retentionMs ?? this.retention.ttlMs.completed,
      tombstoneMs: this.retention.tombstoneMs,
      keyId: keyId ?? '',
      cost: definition.guessCost(input.input),
      unit: this.parts.unit(definition.unit),
      backlogs: {
        all: keys.backlogOf(definition.unit),
        key: keys.backlogOfKey(keyId, definition.unit),
        ofKey: this.parts.backlogsOfKey(keyId),
      },
      limits: input.limits ?? {},
      usage: this.#usageOf(keyId, nowMs),
      outbox: this.parts.outbox,
      turn: turnIn(keys, this.catalog.driverQueue(input.kind), lane),
    });
    const [answer, ...rest] = reply as [string, ...unknown[]];
    if (answer === 'new') {
      const [priority = 1] = prioritiesOf(lane, turnOf(rest as TurnReply), 1);
      return { run: fresh, request: { ...newRequest, runId: fresh.id }, joined: false, movedUp: false, priority };
    }
    if (answer === 'key_full') throw keyFull(definition, rest as [number, number]);
    if (answer === 'quota') throw quotaSpent(definition, rest as [QuotaName, number, number, number], nowMs);
    const run = runOf(hashOf(rest[0]), this.catalog);
    if (run === null) throw new SottoError('internal_error', 'A run vanished while it was made.');
    const movedUp = rest[1] === 'moved_up';
    return { run, request: { ...newRequest, runId: run.id }, joined: answer === 'joined', movedUp, priority: null };
  }

  /** What attach.lua must know to count a request. */
  #usageOf(keyId: string | null, nowMs: number) {
    const { keys, retention } = this;
    const { day, month, dayEndsAtMs, monthEndsAtMs } = periodsAt(nowMs);
    const key = keyId ?? ANONYMOUS_KEY;
    return {
      stem: keys.usageStem,
      keys: keys.usageKeys(''),
      key,
      record: keys.apiKey(key),
      day,
      month,
      keepDayAtMs: dayEndsAtMs + retention.usageMs,
      keepMonthAtMs: monthEndsAtMs + retention.usageMs,
    };
  }

  async request(requestId: string): Promise<JobRequest | null> {
    return requestOf(await reach(this.redis.hgetall(this.keys.request(requestId))))?.request ?? null;
  }

  /**
   * A request with its run, in one round trip. 'expired': known, but its result is gone (410). null: unknown.
   * `owner` given (a key id, or null when keys are off): what belongs to another key is unknown.
   *
   * @throws UnreadableRecord
   */
  async view(requestId: string, owner?: string | null): Promise<RequestView | 'expired' | null> {
    const own = [this.keys.request(requestId), this.keys.tombstone(requestId)];
    const reply = await runScript(this.redis, 'view', own, this.#viewArgument);
    const [answer, first, second, before] = reply as [string, unknown, unknown, number];
    if (answer === 'expired') return owner === undefined || (owner ?? '') === String(first) ? 'expired' : null;
    const record = requestOf(hashOf(first));
    const run = runOf(hashOf(second), this.catalog);
    if (record === null || run === null) return null;
    if (owner !== undefined && owner !== record.request.keyId) return null;
    const seen = seenBy(record, run);
    const waits = seen.status === 'processing' && before >= 0;
    return { request: record.request, run: seen, position: waits ? before + 1 : null };
  }

  /** The same at every call, and asked for often. */
  #argumentOfViews(): string {
    const { keys, catalog } = this;
    const kinds = catalog.runKinds.map((kind) => {
      const queue = catalog.driverQueue(kind);
      const first = catalog.run(kind).firstSteps.map(({ step, job }) => {
        return { waiting: prioritized(keys.prefix, catalog.job(job).queue), suffix: childSuffix(step, 0) };
      });
      return [kind, { taken: takenFirst(keys.prefix, queue), waiting: prioritized(keys.prefix, queue), first }];
    });
    return scriptArgument({ runStem: keys.runStem, kinds: Object.fromEntries(kinds) });
  }

  /** Newest first; a key sees its own, null sees all. What cannot be read is left out. */
  list(filter: RequestFilter): Promise<RequestPage> {
    const view = async (requestId: string) => {
      try {
        return await this.view(requestId);
      } catch (error) {
        if (!(error instanceof UnreadableRecord)) throw error;
        this.#settings.onUnreadable?.('request', requestId, error);
        return 'unreadable';
      }
    };
    return listRequests(this.redis, this.keys, view, filter);
  }

  /**
   * The request leaves its run and counts as cancelled. `last`: nobody waits for the run any more; the caller cancels
   * it. Of a finished run nothing changes (see forget).
   */
  async detach(requestId: string): Promise<{ run: Run | null; last: boolean }> {
    const own = [this.keys.request(requestId), this.keys.tombstone(requestId)];
    const reply = await runScript(this.redis, 'detach', own, {
      requestId,
      now: Date.now(),
      runStem: this.keys.runStem,
      retentionMs: this.retention.ttlMs.cancelled,
      tombstoneMs: this.retention.tombstoneMs,
    });
    const [answer, hash] = reply as [string, unknown];
    return { run: runOf(hashOf(hash), this.catalog), last: answer === 'last' };
  }

  /**
   * Deletes a request for good: afterwards it is unknown. With the last request of a finished run the run and its
   * result go too (`run_forgotten`; a result in storage is then the caller's to delete). `processing`: refused, detach it
   * first.
   */
  async forget(requestId: string): Promise<Forgotten> {
    const { keys } = this;
    const request = await this.request(requestId);
    if (request === null) return { outcome: 'unknown', blobKey: null };
    const own = [keys.request(requestId), keys.tombstone(requestId), keys.webhookAttempts(requestId)];
    const reply = await runScript(this.redis, 'forget', own, {
      requestId,
      runStem: keys.runStem,
      parts: RUN_PARTS,
      indexes: {
        keys: [keys.requestIndex(null), keys.requestIndex(request.keyId)],
        member: indexMember(request.createdAtMs, requestId),
      },
    });
    const [outcome, reference = ''] = reply as [Forgotten['outcome'], string?];
    const result: unknown = reference === '' ? null : JSON.parse(reference);
    return { outcome, blobKey: blobKeyOf(result) };
  }
}

export interface Forgotten {
  outcome: 'unknown' | 'processing' | 'forgotten' | 'run_forgotten';
  /** Of a result that was in storage; null: there was none. */
  blobKey: string | null;
}

function blobKeyOf(reference: unknown): string | null {
  if (typeof reference !== 'object' || reference === null || !('blobKey' in reference)) return null;
  return typeof reference.blobKey === 'string' ? reference.blobKey : null;
}

function keyFull({ unit }: RunKindDefinition, [runs, cost]: [number, number]): SottoError {
  const amount = unit === 'audio_ms' ? `${Math.ceil(cost / 60_000)} min` : `${cost} ${unit}`;
  const fields =
    unit === 'audio_ms' ? { unfinished_minutes: Math.ceil(cost / 60_000) } : { [`unfinished_${unit}`]: cost };
  return new SottoError('key_full', `${runs} jobs of this key (${amount}) are not done yet.`, {
    fields: { unfinished_jobs: runs, ...fields },
    retryAfterSeconds: KEY_FULL_RETRY_SECONDS,
  });
}

function quotaSpent(
  { unit }: RunKindDefinition,
  [name, limit, used, held]: [QuotaName, number, number, number],
  nowMs: number,
): SottoError {
  return quotaExceeded({ name, unit, limit, used, held }, nowMs);
}
