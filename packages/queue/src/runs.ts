import {
  type DeliveryOptions,
  type JobError,
  type JobRequest,
  type Lane,
  type Run,
  type RunEvent,
  type RunOptions,
  SottoError,
  type Stage,
  type Status,
  type Transcript,
  transcriptSchema,
  type Upload,
  type Warning,
  type WindowResult,
  windowResultSchema,
} from '@sotto/contracts';
import type { Redis } from 'ioredis';
import { reach } from './connection.ts';
import { indexMember, Keys, RUN_PARTS } from './keys.ts';
import { type Plan, planSchema } from './plan.ts';
import { hashOf, newRequestFields, newRunFields, requestOf, runOf, seenBy } from './records.ts';
import { listRequests, type RequestFilter, type RequestPage } from './request-list.ts';
import { runScript } from './scripts.ts';
import { type QueueSettings, TOMBSTONE_TTL_FACTOR } from './settings.ts';

/** Newest events a run keeps; a 14-hour recording stays below. A reader who comes too late takes the transcript. */
export const EVENT_STREAM_CAP = 20_000;

const PARTS = RUN_PARTS.join(',');
const REQUESTS_SUFFIX = ':requests';

/** Least progress shown in a stage; windows fill 5-95 %. */
const STAGE_PROGRESS: Record<Stage, number> = { queued: 0, preparing: 1, transcribing: 5, assembling: 95 };

export interface AttachInput {
  /** null: a run of its own (`cache=false`). */
  workKey: string | null;
  requestId: string;
  upload: Upload;
  options: RunOptions;
  delivery: DeliveryOptions;
  lane: Lane;
  keyId: string | null;
  fileName: string;
  nowMs: number;
}

export interface Attached {
  run: Run;
  request: JobRequest;
  /** true: the run existed; this upload's blob is not needed. */
  joined: boolean;
}

export interface RequestView {
  request: JobRequest;
  /** As this request sees it: cancelled when it left, whatever became of the run. */
  run: Run;
}

/**
 * Runs and the requests attached to them. A run is `processing` until one of complete, fail, cancel comes first;
 * each step is one Lua script, so no process can die in the middle of one. While a run is processing nothing of it
 * expires; afterwards all of it does.
 */
export class Runs {
  readonly #redis: Redis;
  readonly #keys: Keys;
  readonly #ttlMs: Record<Exclude<Status, 'processing'>, number>;
  readonly #tombstoneMs: number;

  constructor(redis: Redis, settings: QueueSettings) {
    this.#redis = redis;
    this.#keys = new Keys(settings.prefix);
    const resultMs = settings.resultTtlSeconds * 1000;
    const failedMs = (settings.failedTtlSeconds ?? settings.resultTtlSeconds) * 1000;
    this.#ttlMs = { completed: resultMs, failed: failedMs, cancelled: failedMs };
    this.#tombstoneMs = Math.max(resultMs, failedMs) * TOMBSTONE_TTL_FACTOR;
  }

  /**
   * Attaches a request to the processing or completed run of the same work, or to a new run. The caller then calls
   * Producer.submit while the run is processing, joined or not: that mends a run whose first caller died here.
   */
  async attach(input: AttachInput): Promise<Attached> {
    const { requestId, keyId, nowMs } = input;
    const keys = this.#keys;
    const fresh = newRun(input);
    const workKey = input.workKey === null ? '' : keys.work(input.workKey);
    const runFields = newRunFields(fresh, workKey);
    const newRequest = { id: requestId, keyId, createdAtMs: nowMs, delivery: input.delivery, fileName: input.fileName };
    const reply = await runScript(
      this.#redis,
      'attach',
      [
        workKey === '' ? keys.run(fresh.id) : workKey,
        keys.request(requestId),
        keys.run(fresh.id),
        keys.processing,
        keys.requestIndex(null),
        keys.requestIndex(keyId),
        keys.tombstone(requestId),
      ],
      [
        ...[workKey === '' ? '0' : '1', keys.runStem, PARTS, REQUESTS_SUFFIX, fresh.id, requestId, nowMs, input.lane],
        ...[this.#ttlMs.completed, this.#tombstoneMs, indexMember(nowMs, requestId), this.#tombstoneMs, keyId ?? ''],
        ...[runFields.length, ...runFields, ...newRequestFields(newRequest)],
      ],
    );
    const [joined, hash] = reply as [number, unknown];
    const run = mustBeRun(hash);
    return { run, request: { ...newRequest, runId: run.id }, joined: joined === 1 };
  }

  async request(requestId: string): Promise<JobRequest | null> {
    return requestOf(await reach(this.#redis.hgetall(this.#keys.request(requestId))))?.request ?? null;
  }

  async run(runId: string): Promise<Run | null> {
    return runOf(await reach(this.#redis.hgetall(this.#keys.run(runId))));
  }

  /**
   * A request with its run, in one round trip. 'expired': known, but its result is gone (410). null: unknown.
   * `owner` given (a key id, or null when keys are off): what belongs to another key is unknown.
   */
  async view(requestId: string, owner?: string | null): Promise<RequestView | 'expired' | null> {
    const keys = this.#keys;
    const reply = await runScript(
      this.#redis,
      'view',
      [keys.request(requestId), keys.tombstone(requestId)],
      [keys.runStem],
    );
    const [answer, first, second] = reply as [string, unknown, unknown];
    if (answer === 'expired') return owner === undefined || (owner ?? '') === String(first) ? 'expired' : null;
    const record = requestOf(hashOf(first));
    const run = runOf(hashOf(second));
    if (record === null || run === null) return null;
    if (owner !== undefined && owner !== record.request.keyId) return null;
    return { request: record.request, run: seenBy(record, run) };
  }

  /** Newest first; a key sees its own, null sees all. */
  list(filter: RequestFilter): Promise<RequestPage> {
    return listRequests(this.#redis, this.#keys, (requestId) => this.view(requestId), filter);
  }

  /** A worker takes the run up. null: there is nothing to do any more. */
  async start(runId: string): Promise<Run | null> {
    const keys = this.#keys;
    const reply = await runScript(
      this.#redis,
      'start',
      [keys.run(runId), keys.events(runId)],
      [Date.now(), EVENT_STREAM_CAP, keys.doorbell(runId)],
    );
    return runOf(hashOf(reply));
  }

  /** Forward only; false when the run has ended or is past that stage. */
  async setStage(runId: string, stage: Stage): Promise<boolean> {
    const keys = this.#keys;
    const reply = await runScript(
      this.#redis,
      'stage',
      [keys.run(runId), keys.events(runId)],
      [stage, STAGE_PROGRESS[stage], EVENT_STREAM_CAP, keys.doorbell(runId)],
    );
    return reply === 1;
  }

  /** Stores the plan; the first one stays and is what comes back. Its warnings become the run's. */
  async planned(runId: string, plan: Plan): Promise<Plan> {
    const keys = this.#keys;
    const progress = plan.windows.length === 0 ? STAGE_PROGRESS.assembling : STAGE_PROGRESS.transcribing;
    const warnings = plan.warnings.map((warning) => JSON.stringify(warning)).join('\n');
    const reply = await runScript(
      this.#redis,
      'plan',
      [keys.run(runId), keys.plan(runId), keys.events(runId)],
      [
        ...[JSON.stringify(plan), plan.durationMs, plan.windows.length, progress, warnings],
        ...[EVENT_STREAM_CAP, keys.doorbell(runId)],
      ],
    );
    if (typeof reply !== 'string') throw new SottoError('job_cancelled', 'The job ended while it was prepared.');
    return planSchema.parse(JSON.parse(reply));
  }

  async plan(runId: string): Promise<Plan | null> {
    const json = await reach(this.#redis.get(this.#keys.plan(runId)));
    return json === null ? null : planSchema.parse(JSON.parse(json));
  }

  async warn(runId: string, warning: Warning): Promise<void> {
    await runScript(this.#redis, 'warn', [this.#keys.run(runId)], [JSON.stringify(warning)]);
  }

  /** `fraction` 0-1 of a window at work. Called at most twice a second per window. */
  async windowProgress(runId: string, index: number, fraction: number): Promise<void> {
    const keys = this.#keys;
    await runScript(
      this.#redis,
      'progress',
      [keys.run(runId), keys.windows(runId), keys.fractions(runId), keys.events(runId)],
      [index, Math.min(1, Math.max(0, fraction)).toFixed(3), EVENT_STREAM_CAP, keys.doorbell(runId)],
    );
  }

  /** Stores a window's result. false: somebody was first, or the run has ended; nothing was changed. */
  async completeWindow(runId: string, result: WindowResult): Promise<boolean> {
    const keys = this.#keys;
    const reply = await runScript(
      this.#redis,
      'checkpoint',
      [keys.run(runId), keys.windows(runId), keys.texts(runId), keys.fractions(runId), keys.events(runId)],
      [result.index, JSON.stringify(result), textEventLines(result), EVENT_STREAM_CAP, keys.doorbell(runId)],
    );
    return reply === 1;
  }

  async windowResult(runId: string, index: number): Promise<WindowResult | null> {
    const json = await reach(this.#redis.hget(this.#keys.windows(runId), String(index)));
    return json === null ? null : windowResultSchema.parse(JSON.parse(json));
  }

  /** In the order of the recording. */
  async windowResults(runId: string): Promise<WindowResult[]> {
    const jsons = await reach(this.#redis.hvals(this.#keys.windows(runId)));
    return jsons.map((json) => windowResultSchema.parse(JSON.parse(json))).sort((a, b) => a.index - b.index);
  }

  /** false: the run had ended before. */
  complete(runId: string, transcript: Transcript): Promise<boolean> {
    return this.#end(runId, 'completed', { type: 'completed' }, '', JSON.stringify(transcript));
  }

  fail(runId: string, error: JobError): Promise<boolean> {
    return this.#end(runId, 'failed', { type: 'failed', error }, JSON.stringify(error), '');
  }

  /** Workers at it hear of it at once. Producer.cancel also takes its jobs out of the queue. */
  cancel(runId: string): Promise<boolean> {
    return this.#end(runId, 'cancelled', { type: 'cancelled' }, '', '');
  }

  async transcript(runId: string): Promise<Transcript | null> {
    const json = await reach(this.#redis.get(this.#keys.transcript(runId)));
    return json === null ? null : transcriptSchema.parse(JSON.parse(json));
  }

  /**
   * The request leaves its run and counts as cancelled. `last`: nobody waits for the run any more; the caller cancels
   * it. Of a finished run nothing changes (see forget).
   */
  async detach(requestId: string): Promise<{ run: Run | null; last: boolean }> {
    const keys = this.#keys;
    const reply = await runScript(
      this.#redis,
      'detach',
      [keys.request(requestId), keys.tombstone(requestId)],
      [keys.runStem, REQUESTS_SUFFIX, requestId, Date.now(), this.#ttlMs.cancelled, this.#tombstoneMs],
    );
    const [last, hash] = reply as [number | undefined, unknown];
    return { run: runOf(hashOf(hash)), last: last === 1 };
  }

  /**
   * Deletes a request for good: afterwards it is unknown. With the last request of a finished run the run and its
   * transcript go too (`run_forgotten`). `processing`: refused, detach it first.
   */
  async forget(requestId: string): Promise<'unknown' | 'processing' | 'forgotten' | 'run_forgotten'> {
    const keys = this.#keys;
    const request = await this.request(requestId);
    if (request === null) return 'unknown';
    const reply = await runScript(
      this.#redis,
      'forget',
      [
        ...[keys.request(requestId), keys.tombstone(requestId)],
        ...[keys.requestIndex(null), keys.requestIndex(request.keyId)],
      ],
      [keys.runStem, PARTS, REQUESTS_SUFFIX, requestId, indexMember(request.createdAtMs, requestId)],
    );
    if (reply === 0) return 'unknown';
    if (reply === -1) return 'processing';
    return reply === 2 ? 'run_forgotten' : 'forgotten';
  }

  async #end(
    runId: string,
    status: Exclude<Status, 'processing'>,
    event: RunEvent,
    errorJson: string,
    transcriptJson: string,
  ): Promise<boolean> {
    const keys = this.#keys;
    const reply = await runScript(
      this.#redis,
      'end',
      [keys.run(runId), keys.requestsOf(runId), keys.processing, keys.events(runId), keys.transcript(runId)],
      [
        ...[runId, status, Date.now(), errorJson, transcriptJson, JSON.stringify(event)],
        ...[this.#ttlMs[status], this.#tombstoneMs, PARTS, keys.workingParts.join(','), keys.requestStem],
        ...[keys.tombstoneStem, EVENT_STREAM_CAP, keys.doorbell(runId), keys.stopped],
      ],
    );
    return reply === 1;
  }
}

function newRun(input: AttachInput): Run {
  return {
    id: crypto.randomUUID(),
    status: 'processing',
    stage: 'queued',
    progress: 0,
    upload: input.upload,
    options: input.options,
    lane: input.lane,
    keyId: input.keyId,
    createdAtMs: input.nowMs,
    startedAtMs: null,
    endedAtMs: null,
    durationMs: null,
    windowsTotal: null,
    windowsDone: 0,
    error: null,
    warnings: [],
  };
}

function mustBeRun(reply: unknown): Run {
  const run = runOf(hashOf(reply));
  if (run === null) throw new SottoError('internal_error', 'A run vanished while it was made.');
  return run;
}

/** One event per segment; JSON has no raw line breaks, so lines can carry them. */
function textEventLines(result: WindowResult): string {
  return result.segments
    .map(({ startMs, endMs, text }): RunEvent => ({ type: 'text', startMs, endMs, text }))
    .map((event) => JSON.stringify(event))
    .join('\n');
}
