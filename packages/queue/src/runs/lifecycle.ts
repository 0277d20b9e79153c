import type { JobError, ResultReference, Run, RunKind, RunOf, WaitCause, Warning } from '@sotto/contracts';
import type { Redis } from 'ioredis';
import type { VoiceUse } from '../access/voice-use.ts';
import { reach } from '../redis/faults.ts';
import { hashOf } from '../redis/hash.ts';
import { runScript } from '../redis/scripts.ts';
import type { QueueSettings } from '../redis/settings.ts';
import { endRun } from './ending.ts';
import { assertKnownOptions, runOf } from './records.ts';
import { decodeResult, encodeResult, INLINE_SUFFIXES, type ResultBody } from './results.ts';
import { openRunStore, type RunStore } from './run-store.ts';
import { type Settlement, settleRun } from './settlement.ts';

/** The parts of a run that its life cycle needs. */
type RunName = Pick<Run, 'id' | 'kind'>;

/**
 * The life of a run of any kind: `processing`, through the stages of its kind, until it is completed, failed or
 * cancelled, whichever comes first. Each step is one Lua script, so that no process can die in the middle of one. While
 * a run is processing nothing of it expires; once it has ended, all of it does.
 */
export class RunLifecycle {
  protected readonly store: RunStore;

  constructor(redis: Redis, settings: QueueSettings) {
    this.store = openRunStore(redis, settings);
  }

  /**
   * null: there is no such run.
   *
   * @throws UnreadableRecord when a newer build wrote it, or it is damaged.
   */
  async run(runId: string): Promise<Run | null> {
    return runOf(await this.#hash(runId), this.store.catalog);
  }

  /**
   * The same for a worker, which must not ignore an option.
   *
   * @throws UnreadableRecord also when the run has options that this build does not know.
   */
  async runForWorker(runId: string): Promise<Run | null> {
    const hash = await this.#hash(runId);
    const run = runOf(hash, this.store.catalog);
    if (run !== null) assertKnownOptions(hash, this.store.catalog.run(run.kind));
    return run;
  }

  /** Ids of the requests that are attached to it. */
  async requestsOf(runId: string): Promise<string[]> {
    return reach(this.store.redis.smembers(this.store.keys.runs.requests(runId)));
  }

  /** A worker begins the run, or continues it. null: it is not processing any more. */
  async start<K extends RunKind>(run: { id: string; kind: K }): Promise<RunOf<K> | null> {
    const { redis, keys, catalog, parts } = this.store;
    const [, first] = catalog.stages(run.kind);
    const reply = await runScript(redis, 'start', [keys.runs.record(run.id)], {
      now: Date.now(),
      stage: first?.name,
      percent: first?.from,
      feed: parts.feed(run.id),
    });
    return runOf(hashOf(reply), catalog) as RunOf<K> | null;
  }

  /** Stages only go forward. false: the run has ended, or is past that stage. */
  async setStage(run: RunName, stage: string): Promise<boolean> {
    const { redis, keys, catalog, parts } = this.store;
    const reply = await runScript(redis, 'stage', [keys.runs.record(run.id)], {
      stage,
      percent: catalog.stage(run.kind, stage).from,
      stages: catalog.stages(run.kind).map(({ name }) => name),
      feed: parts.feed(run.id),
    });
    return reply === 'entered';
  }

  /** `fraction`: how much of its present stage is done, 0-1. */
  async advance(run: RunName, fraction: number): Promise<void> {
    const { redis, keys, catalog, parts } = this.store;
    await runScript(redis, 'advance', [keys.runs.record(run.id)], {
      fraction: Math.min(1, Math.max(0, fraction)),
      stages: catalog.stages(run.kind),
      feed: parts.feed(run.id),
    });
  }

  /**
   * The run has been prepared, so its cost is known, and with it its lane and what it takes from its key's quotas.
   * Returns the plan that counts, which is the first one stored. null: the run has ended.
   *
   * @throws SottoError `quota_exceeded` when it costs more than its key has left.
   */
  settle(settlement: Settlement): Promise<string | null> {
    return settleRun(this.store, settlement);
  }

  /** As `settle` stored it. */
  async plan(runId: string): Promise<string | null> {
    return reach(this.store.redis.get(this.store.keys.runs.plan(runId)));
  }

  /** A job of the run waits for what is away. Returns since when the run has; null: there is no such run. */
  async wait({ id }: Pick<Run, 'id'>, cause: WaitCause): Promise<number | null> {
    const { redis, keys } = this.store;
    const argument = { runId: id, cause, now: Date.now(), waitingStem: keys.runs.waitingStem };
    const sinceMs = Number(await runScript(redis, 'wait', [keys.runs.record(id)], argument));
    return sinceMs < 0 ? null : sinceMs;
  }

  /** One of its jobs got what the run waited for. */
  async resume({ id }: Pick<Run, 'id'>): Promise<void> {
    const { redis, keys } = this.store;
    await runScript(redis, 'resume', [keys.runs.record(id)], { runId: id, waitingStem: keys.runs.waitingStem });
  }

  async warn(runId: string, warning: Warning): Promise<void> {
    const { redis, keys } = this.store;
    await runScript(redis, 'warn', [keys.runs.record(runId)], { warning: JSON.stringify(warning) });
  }

  /** Stores a result beside the run and ends it. `voices`: who has spoken in it. false: the run had ended before. */
  async complete(run: RunName, result: unknown, voices: readonly VoiceUse[] = []): Promise<boolean> {
    const { reference, suffix, body } = await encodeResult(result);
    return endRun(this.store, run, { status: 'completed', reference, inline: { suffix, body }, voices });
  }

  /** The same with a result in storage, which the sweep deletes when the run expires. */
  completeWithBlob(run: RunName, blob: Omit<Extract<ResultReference, { kind: 'blob' }>, 'kind'>): Promise<boolean> {
    return endRun(this.store, run, { status: 'completed', reference: { kind: 'blob', ...blob } });
  }

  fail(run: RunName, error: JobError): Promise<boolean> {
    return endRun(this.store, run, { status: 'failed', error });
  }

  /** Workers that are at it learn of it at once. Producer.cancel also takes its jobs out of the queues. */
  cancel(run: RunName): Promise<boolean> {
    return endRun(this.store, run, { status: 'cancelled' });
  }

  /**
   * The result of a completed run, as it was given to `complete`. It is not validated again, since this service wrote
   * it. null: it has expired, or is a blob.
   */
  async result<T>(run: Pick<Run, 'id' | 'result'>): Promise<T | null> {
    const body = await this.resultBody(run);
    return body === null ? null : ((await decodeResult(body)) as T);
  }

  /** The same as it is stored, for callers that decode it outside the event loop of this process. */
  async resultBody(run: Pick<Run, 'id' | 'result'>): Promise<ResultBody | null> {
    if (run.result?.kind === 'blob') return null;
    const { redis, keys } = this.store;
    const encoding = run.result?.encoding ?? 'json';
    const bytes = await reach(redis.getBuffer(`${keys.runs.record(run.id)}${INLINE_SUFFIXES[encoding]}`));
    return bytes === null ? null : { bytes, encoding };
  }

  #hash(runId: string): Promise<Record<string, string>> {
    return reach(this.store.redis.hgetall(this.store.keys.runs.record(runId)));
  }
}
