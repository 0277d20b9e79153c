import { type JobRequest, type Run, SottoError } from '@sotto/contracts';
import { type QuotaName, quotaExceeded } from '../access/quota.ts';
import { periodsAt } from '../access/usage-period.ts';
import { guessDurationMs, laneOfFirstTurn } from '../order/backlog.ts';
import { LANE_RANGES, prioritiesOf } from '../order/priorities.ts';
import { IDLE_TURNS_TTL_MS, type TurnReply, turnOf } from '../order/turns.ts';
import { reach } from '../redis/connection.ts';
import { hashOf } from '../redis/hash.ts';
import { ANONYMOUS_KEY, indexMember, PREPARE_JOB_SUFFIX, RUN_PARTS } from '../redis/keys.ts';
import { runScript } from '../redis/scripts.ts';
import { type Attached, type AttachInput, newRun, type RequestView } from './attachment.ts';
import { newRequestFields, newRunFields, requestOf, runOf, seenBy } from './records.ts';
import { listRequests, type RequestFilter, type RequestPage } from './request-list.ts';
import { RunWork } from './run-work.ts';

const PARTS = RUN_PARTS.join(',');
/** Where nobody has measured how fast the service is. */
const KEY_FULL_RETRY_SECONDS = 10;
const REQUESTS_SUFFIX = ':requests';

/** Runs, and the requests attached to them: what clients do, beside what workers do. */
export class Runs extends RunWork {
  /**
   * Attaches a request to the processing or completed run of the same work, or to a new run. The caller then calls
   * Producer.submit while the run is processing, joined or not: that mends a run whose first caller died here.
   */
  async attach(input: AttachInput): Promise<Attached> {
    const { requestId, keyId, nowMs } = input;
    const keys = this.keys;
    const fresh = newRun(input);
    const workKey = input.workKey === null ? '' : keys.work(input.workKey);
    const modelDigest = input.modelDigest ?? '';
    const runFields = newRunFields(fresh, { workKey, modelDigest, stepsBack: input.delivery.priority === 'batch' });
    const lane = laneOfFirstTurn(fresh);
    const range = LANE_RANGES[lane];
    const newRequest = { id: requestId, keyId, createdAtMs: nowMs, delivery: input.delivery, fileName: input.fileName };
    const reply = await runScript(
      this.redis,
      'attach',
      [
        workKey === '' ? keys.run(fresh.id) : workKey,
        keys.request(requestId),
        keys.run(fresh.id),
        keys.processing,
        keys.requestIndex(null),
        keys.requestIndex(keyId),
        keys.tombstone(requestId),
        ...[keys.backlog, keys.backlogOf(keyId), keys.webhookOutbox],
        ...[keys.prioritized('transcriptions'), keys.turns('transcriptions', lane)],
      ],
      [
        ...[workKey === '' ? '0' : '1', keys.runStem, PARTS, REQUESTS_SUFFIX, fresh.id, requestId, nowMs, input.lane],
        ...[
          this.times.ttlMs.completed,
          this.times.tombstoneMs,
          indexMember(nowMs, requestId),
          this.times.tombstoneMs,
          keyId ?? '',
        ],
        ...[guessDurationMs(input.upload), input.limits?.runs ?? '', input.limits?.audioMs ?? ''],
        ...[modelDigest, this.#usageOf(keyId, nowMs), range.before, range.size, IDLE_TURNS_TTL_MS],
        ...[runFields.length, ...runFields, ...newRequestFields(newRequest)],
      ],
    );
    const [joined, ...rest] = reply as [number, ...unknown[]];
    if (joined === 2) {
      const [priority = 1] = prioritiesOf(lane, turnOf(rest as TurnReply), 1);
      return { run: fresh, request: { ...newRequest, runId: fresh.id }, joined: false, movedUp: false, priority };
    }
    if (joined === -1) throw keyFull(reply as [number, number, number]);
    if (joined === -2) throw quotaSpent(reply as [number, QuotaName, number, number, number], nowMs);
    const run = mustBeRun(rest[0]);
    const movedUp = rest[1] === 1;
    return { run, request: { ...newRequest, runId: run.id }, joined: joined === 1, movedUp, priority: null };
  }

  /** What attach.lua must know to count a request. */
  #usageOf(keyId: string | null, nowMs: number): string {
    const { keys, times } = this;
    const { day, month, dayEndsAtMs, monthEndsAtMs } = periodsAt(nowMs);
    const key = keyId ?? ANONYMOUS_KEY;
    return JSON.stringify({
      ...{ stem: keys.usageStem, keys: keys.usageKeys(''), key, record: keys.apiKey(key), day, month },
      ...{ keepDayAtMs: dayEndsAtMs + times.usageMs, keepMonthAtMs: monthEndsAtMs + times.usageMs },
    });
  }

  async request(requestId: string): Promise<JobRequest | null> {
    return requestOf(await reach(this.redis.hgetall(this.keys.request(requestId))))?.request ?? null;
  }

  /**
   * A request with its run, in one round trip. 'expired': known, but its result is gone (410). null: unknown.
   * `owner` given (a key id, or null when keys are off): what belongs to another key is unknown.
   */
  async view(requestId: string, owner?: string | null): Promise<RequestView | 'expired' | null> {
    const keys = this.keys;
    const reply = await runScript(
      this.redis,
      'view',
      [
        ...[keys.request(requestId), keys.tombstone(requestId)],
        ...[keys.waiting('transcriptions'), keys.prioritized('transcriptions'), keys.prioritized('preparations')],
      ],
      [keys.runStem, PREPARE_JOB_SUFFIX],
    );
    const [answer, first, second, before] = reply as [string, unknown, unknown, number];
    if (answer === 'expired') return owner === undefined || (owner ?? '') === String(first) ? 'expired' : null;
    const record = requestOf(hashOf(first));
    const run = runOf(hashOf(second));
    if (record === null || run === null) return null;
    if (owner !== undefined && owner !== record.request.keyId) return null;
    const seen = seenBy(record, run);
    const waits = seen.status === 'processing' && before >= 0;
    return { request: record.request, run: seen, position: waits ? before + 1 : null };
  }

  /** Newest first; a key sees its own, null sees all. */
  list(filter: RequestFilter): Promise<RequestPage> {
    return listRequests(this.redis, this.keys, (requestId) => this.view(requestId), filter);
  }

  /**
   * The request leaves its run and counts as cancelled. `last`: nobody waits for the run any more; the caller cancels
   * it. Of a finished run nothing changes (see forget).
   */
  async detach(requestId: string): Promise<{ run: Run | null; last: boolean }> {
    const keys = this.keys;
    const reply = await runScript(
      this.redis,
      'detach',
      [keys.request(requestId), keys.tombstone(requestId)],
      [keys.runStem, REQUESTS_SUFFIX, requestId, Date.now(), this.times.ttlMs.cancelled, this.times.tombstoneMs],
    );
    const [last, hash] = reply as [number | undefined, unknown];
    return { run: runOf(hashOf(hash)), last: last === 1 };
  }

  /**
   * Deletes a request for good: afterwards it is unknown. With the last request of a finished run the run and its
   * transcript go too (`run_forgotten`). `processing`: refused, detach it first.
   */
  async forget(requestId: string): Promise<'unknown' | 'processing' | 'forgotten' | 'run_forgotten'> {
    const keys = this.keys;
    const request = await this.request(requestId);
    if (request === null) return 'unknown';
    const reply = await runScript(
      this.redis,
      'forget',
      [
        ...[keys.request(requestId), keys.tombstone(requestId)],
        ...[keys.requestIndex(null), keys.requestIndex(request.keyId), keys.webhookAttempts(requestId)],
      ],
      [keys.runStem, PARTS, REQUESTS_SUFFIX, requestId, indexMember(request.createdAtMs, requestId)],
    );
    if (reply === 0) return 'unknown';
    if (reply === -1) return 'processing';
    return reply === 2 ? 'run_forgotten' : 'forgotten';
  }
}

function keyFull([, runs, audioMs]: [number, number, number]): SottoError {
  const minutes = Math.ceil(audioMs / 60_000);
  return new SottoError('key_full', `${runs} recordings of this key (${minutes} min) are not done yet.`, {
    fields: { unfinished_jobs: runs, unfinished_minutes: minutes },
    retryAfterSeconds: KEY_FULL_RETRY_SECONDS,
  });
}

function quotaSpent(reply: [number, QuotaName, number, number, number], nowMs: number): SottoError {
  const [, name, limitMs, usedMs, heldMs] = reply;
  return quotaExceeded({ name, limitMs, usedMs, heldMs }, nowMs);
}

function mustBeRun(reply: unknown): Run {
  const run = runOf(hashOf(reply));
  if (run === null) throw new SottoError('internal_error', 'A run vanished while it was made.');
  return run;
}
