import {
  type JobError,
  type Run,
  type RunEvent,
  SottoError,
  type Stage,
  type Status,
  type Transcript,
  transcriptSchema,
  type Warning,
  type WindowResult,
  windowResultSchema,
} from '@sotto/contracts';
import type { Redis } from 'ioredis';
import { type QuotaName, quotaExceeded } from '../access/quota.ts';
import { SHORT_AUDIO_MS } from '../order/priorities.ts';
import { reach } from '../redis/connection.ts';
import { hashOf } from '../redis/hash.ts';
import { Keys, RUN_PARTS, WORKING_PARTS } from '../redis/keys.ts';
import { runScript } from '../redis/scripts.ts';
import { KeepingTimes, type QueueSettings } from '../redis/settings.ts';
import { type Plan, planSchema } from './plan.ts';
import { runOf } from './records.ts';

/** Newest events a run keeps; a 14-hour recording stays below. A reader who comes too late takes the transcript. */
export const EVENT_STREAM_CAP = 20_000;

/** Least progress shown in a stage; windows fill 5-95 %. */
const STAGE_PROGRESS: Record<Stage, number> = { queued: 0, preparing: 1, transcribing: 5, assembling: 95 };

/**
 * What workers do to a run. It is `processing` until one of complete, fail, cancel comes first. Each step is one Lua
 * script, so no process can die in the middle of one. While a run is processing nothing of it expires; afterwards all
 * of it does.
 */
export class RunWork {
  protected readonly redis: Redis;
  protected readonly keys: Keys;
  protected readonly times: KeepingTimes;

  constructor(redis: Redis, settings: QueueSettings) {
    this.redis = redis;
    this.keys = new Keys(settings.prefix);
    this.times = new KeepingTimes(settings);
  }

  async run(runId: string): Promise<Run | null> {
    return runOf(await reach(this.redis.hgetall(this.keys.run(runId))));
  }

  /** A worker takes the run up. null: there is nothing to do any more. */
  async start(runId: string): Promise<Run | null> {
    const keys = this.keys;
    const reply = await runScript(
      this.redis,
      'start',
      [keys.run(runId), keys.events(runId)],
      [Date.now(), EVENT_STREAM_CAP, keys.doorbell(runId)],
    );
    return runOf(hashOf(reply));
  }

  /** Forward only; false when the run has ended or is past that stage. */
  async setStage(runId: string, stage: Stage): Promise<boolean> {
    const keys = this.keys;
    const reply = await runScript(
      this.redis,
      'stage',
      [keys.run(runId), keys.events(runId)],
      [stage, STAGE_PROGRESS[stage], EVENT_STREAM_CAP, keys.doorbell(runId)],
    );
    return reply === 1;
  }

  /**
   * Stores the plan; the first one stays and is what comes back. Its warnings become the run's.
   *
   * @throws SottoError `job_cancelled`; `quota_exceeded` when the recording is longer than what its key has left.
   */
  async planned(runId: string, plan: Plan): Promise<Plan> {
    const keys = this.keys;
    const nowMs = Date.now();
    const progress = plan.windows.length === 0 ? STAGE_PROGRESS.assembling : STAGE_PROGRESS.transcribing;
    const warnings = plan.warnings.map((warning) => JSON.stringify(warning)).join('\n');
    const reply = await runScript(
      this.redis,
      'plan',
      [keys.run(runId), keys.plan(runId), keys.events(runId), keys.backlog, keys.webhookOutbox],
      [
        ...[JSON.stringify(plan), plan.durationMs, plan.windows.length, progress, warnings],
        ...[EVENT_STREAM_CAP, keys.doorbell(runId), runId, keys.backlogStem, plan.speechMs, SHORT_AUDIO_MS],
        ...[keys.usageStem, keys.apiKeyStem, nowMs],
      ],
    );
    if (Array.isArray(reply)) {
      const [name, limitMs, usedMs] = reply as [QuotaName, number, number];
      throw quotaExceeded({ name, limitMs, usedMs, heldMs: 0 }, nowMs, plan.durationMs);
    }
    if (typeof reply !== 'string') throw new SottoError('job_cancelled', 'The job ended while it was prepared.');
    return planSchema.parse(JSON.parse(reply));
  }

  async plan(runId: string): Promise<Plan | null> {
    const json = await reach(this.redis.get(this.keys.plan(runId)));
    return json === null ? null : planSchema.parse(JSON.parse(json));
  }

  async warn(runId: string, warning: Warning): Promise<void> {
    await runScript(this.redis, 'warn', [this.keys.run(runId)], [JSON.stringify(warning)]);
  }

  /** `fraction` 0-1 of a window at work. Called at most twice a second per window. */
  async windowProgress(runId: string, index: number, fraction: number): Promise<void> {
    const keys = this.keys;
    await runScript(
      this.redis,
      'progress',
      [keys.run(runId), keys.windows(runId), keys.fractions(runId), keys.events(runId)],
      [index, Math.min(1, Math.max(0, fraction)).toFixed(3), EVENT_STREAM_CAP, keys.doorbell(runId)],
    );
  }

  /** Stores a window's result. false: somebody was first, or the run has ended; nothing was changed. */
  async completeWindow(runId: string, result: WindowResult): Promise<boolean> {
    const keys = this.keys;
    const reply = await runScript(
      this.redis,
      'checkpoint',
      [
        ...[keys.run(runId), keys.windows(runId), keys.texts(runId), keys.fractions(runId), keys.events(runId)],
        keys.backlog,
      ],
      [
        ...[result.index, JSON.stringify(result), textEventLines(result), EVENT_STREAM_CAP, keys.doorbell(runId)],
        ...[runId, keys.backlogStem, Math.round(result.engineMs)],
      ],
    );
    return reply === 1;
  }

  async windowResult(runId: string, index: number): Promise<WindowResult | null> {
    const json = await reach(this.redis.hget(this.keys.windows(runId), String(index)));
    return json === null ? null : windowResultSchema.parse(JSON.parse(json));
  }

  /** In the order of the recording. */
  async windowResults(runId: string): Promise<WindowResult[]> {
    const jsons = await reach(this.redis.hvals(this.keys.windows(runId)));
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
    const json = await reach(this.redis.get(this.keys.transcript(runId)));
    return json === null ? null : transcriptSchema.parse(JSON.parse(json));
  }

  async #end(
    runId: string,
    status: Exclude<Status, 'processing'>,
    event: RunEvent,
    errorJson: string,
    transcriptJson: string,
  ): Promise<boolean> {
    const keys = this.keys;
    const reply = await runScript(
      this.redis,
      'end',
      [
        ...[keys.run(runId), keys.requestsOf(runId), keys.processing, keys.events(runId), keys.transcript(runId)],
        ...[keys.backlog, keys.webhookOutbox],
      ],
      [
        ...[runId, status, Date.now(), errorJson, transcriptJson, JSON.stringify(event)],
        ...[
          this.times.ttlMs[status],
          this.times.tombstoneMs,
          RUN_PARTS.join(','),
          WORKING_PARTS.join(','),
          keys.requestStem,
        ],
        ...[keys.tombstoneStem, EVENT_STREAM_CAP, keys.doorbell(runId), keys.stopped, keys.backlogStem, keys.usageStem],
      ],
    );
    return reply === 1;
  }
}

/** One event per segment; JSON has no raw line breaks, so lines can carry them. */
function textEventLines(result: WindowResult): string {
  return result.segments
    .map(({ startMs, endMs, text }): RunEvent => ({ type: 'text', startMs, endMs, text }))
    .map((event) => JSON.stringify(event))
    .join('\n');
}
