import type { JobError, ResultReference, Run, RunEvent, Status, Warning } from '@sotto/contracts';
import type { Redis } from 'ioredis';
import { type QuotaName, quotaExceeded } from '../access/quota.ts';
import { CATALOG, type Catalog } from '../catalog/catalog.ts';
import { settledLane } from '../order/lane.ts';
import { reach } from '../redis/connection.ts';
import { hashOf } from '../redis/hash.ts';
import { Keys, RUN_PARTS, WORKING_PARTS } from '../redis/keys.ts';
import { ScriptParts } from '../redis/script-parts.ts';
import { runScript } from '../redis/scripts.ts';
import { type QueueSettings, Retention } from '../redis/settings.ts';
import { mustKnowOptions, runOf } from './records.ts';
import { decodeResult, encodeResult, INLINE_SUFFIXES } from './results.ts';

/** What is known of a run once its cost is. */
export interface Settlement {
  run: Pick<Run, 'id' | 'kind'>;
  /** In the unit of its kind. */
  cost: number;
  /** What of it lies before it; default: all. */
  toGo?: number;
  /** The stage that begins. */
  stage: string;
  /** Where it begins, if not where that stage does. */
  fromPercent?: number | undefined;
  warnings?: readonly Warning[];
  /** Numbers of the run's record. */
  fields?: Readonly<Record<string, number>>;
  /** What preparing came to. It also says that all this was done; the first one stored stays. */
  plan: string;
}

/**
 * The life of a run, of whatever kind: `processing`, through its stages, until one of complete, fail, cancel comes first.
 * Each step is one Lua script, so no process can die in the middle of one. While a run is processing nothing of it
 * expires; afterwards all of it does.
 */
export class RunLifecycle {
  protected readonly redis: Redis;
  protected readonly keys: Keys;
  protected readonly retention: Retention;
  protected readonly catalog: Catalog;
  protected readonly parts: ScriptParts;

  constructor(redis: Redis, settings: QueueSettings) {
    this.redis = redis;
    this.keys = new Keys(settings.prefix);
    this.retention = new Retention(settings);
    this.catalog = settings.catalog ?? CATALOG;
    this.parts = new ScriptParts(this.keys);
  }

  /**
   * null: there is none.
   *
   * @throws UnreadableRecord of a newer build's, or a broken one.
   */
  async run(runId: string): Promise<Run | null> {
    return runOf(await reach(this.redis.hgetall(this.keys.run(runId))), this.catalog);
  }

  /**
   * The same for one who works on it.
   *
   * @throws UnreadableRecord also of a run with options that this build does not know: it must not leave them out.
   */
  async runForWorker(runId: string): Promise<Run | null> {
    const hash = await reach(this.redis.hgetall(this.keys.run(runId)));
    const run = runOf(hash, this.catalog);
    if (run !== null) mustKnowOptions(hash, this.catalog.run(run.kind));
    return run;
  }

  /** A worker takes the run up. null: there is nothing to do any more. */
  async start(run: Pick<Run, 'id' | 'kind'>): Promise<Run | null> {
    const [, first] = this.catalog.stages(run.kind);
    const reply = await runScript(this.redis, 'start', [this.keys.run(run.id)], {
      now: Date.now(),
      stage: first?.name,
      percent: first?.from,
      feed: this.parts.feed(run.id),
    });
    return runOf(hashOf(reply), this.catalog);
  }

  /** Forward only; false when the run has ended or is past that stage. */
  async setStage(run: Pick<Run, 'id' | 'kind'>, stage: string): Promise<boolean> {
    const stages = this.catalog.stages(run.kind);
    const reply = await runScript(this.redis, 'stage', [this.keys.run(run.id)], {
      stage,
      percent: this.catalog.stage(run.kind, stage).from,
      stages: stages.map(({ name }) => name),
      feed: this.parts.feed(run.id),
    });
    return reply === 'entered';
  }

  /** `fraction` 0-1 of the stage it is in. */
  async advance(run: Pick<Run, 'id' | 'kind'>, fraction: number): Promise<void> {
    await runScript(this.redis, 'advance', [this.keys.run(run.id)], {
      fraction: Math.min(1, Math.max(0, fraction)),
      stages: this.catalog.stages(run.kind),
      feed: this.parts.feed(run.id),
    });
  }

  /**
   * The cost is known, and with it the lane and what the run takes of its key's quotas. Gives the plan that holds: the first
   * one stored. null: the run has ended.
   *
   * @throws SottoError `quota_exceeded` when it costs more than its key has left.
   */
  async settle({
    run,
    cost,
    toGo = cost,
    stage,
    fromPercent,
    warnings = [],
    fields = {},
    plan,
  }: Settlement): Promise<string | null> {
    const { keys } = this;
    const nowMs = Date.now();
    const definition = this.catalog.run(run.kind);
    const reply = await runScript(
      this.redis,
      'settle',
      [keys.run(run.id), keys.plan(run.id)],
      {
        runId: run.id,
        cost,
        toGo,
        unit: this.parts.unit(definition.unit),
        stage,
        percent: fromPercent ?? this.catalog.stage(run.kind, stage).from,
        warnings: warnings.map((warning) => JSON.stringify(warning)),
        fields: Object.entries(fields).flat().map(String),
        lane: settledLane(definition.lane, cost),
        backlogs: this.parts.backlogs(definition.unit),
        usageStem: keys.usageStem,
        keyRecordStem: keys.apiKeyStem,
        now: nowMs,
        outbox: this.parts.outbox,
        feed: this.parts.feed(run.id),
      },
      plan,
    );
    const [answer, ...rest] = reply as [string, ...unknown[]];
    if (answer === 'quota') {
      const [name, limit, used] = rest as [QuotaName, number, number];
      throw quotaExceeded({ name, unit: definition.unit, limit, used, held: 0 }, nowMs, cost);
    }
    return answer === 'ended' ? null : String(rest[0]);
  }

  /** As `settle` stored it. */
  async plan(runId: string): Promise<string | null> {
    return reach(this.redis.get(this.keys.plan(runId)));
  }

  async warn(runId: string, warning: Warning): Promise<void> {
    await runScript(this.redis, 'warn', [this.keys.run(runId)], { warning: JSON.stringify(warning) });
  }

  /** Stores a result beside the run and ends it. false: the run had ended before. */
  async complete(run: Pick<Run, 'id' | 'kind'>, result: unknown): Promise<boolean> {
    const { reference, suffix, body } = await encodeResult(result);
    return this.#end(run, 'completed', { type: 'completed' }, { reference, inline: { suffix, body } });
  }

  /** The same with a result in storage, which is deleted with the run; see the sweep. */
  completeWithBlob(
    run: Pick<Run, 'id' | 'kind'>,
    blob: Omit<Extract<ResultReference, { kind: 'blob' }>, 'kind'>,
  ): Promise<boolean> {
    return this.#end(run, 'completed', { type: 'completed' }, { reference: { kind: 'blob', ...blob } });
  }

  fail(run: Pick<Run, 'id' | 'kind'>, error: JobError): Promise<boolean> {
    return this.#end(run, 'failed', { type: 'failed', error }, { error });
  }

  /** Workers at it hear of it at once. Producer.cancel also takes its jobs out of the queue. */
  cancel(run: Pick<Run, 'id' | 'kind'>): Promise<boolean> {
    return this.#end(run, 'cancelled', { type: 'cancelled' }, {});
  }

  /**
   * What a completed run made, as it was given to `complete`; not checked again, as this service wrote it. null: it is not
   * kept any more, or it is a blob.
   */
  async result<T>(run: Pick<Run, 'id' | 'result'>): Promise<T | null> {
    const body = await this.resultBody(run);
    return body === null ? null : ((await decodeResult(body.bytes, body.encoding)) as T);
  }

  /** The same as it is kept, for those that read it elsewhere than in this process's event loop. */
  async resultBody(run: Pick<Run, 'id' | 'result'>): Promise<{ bytes: Buffer; encoding: 'json' | 'gzip' } | null> {
    if (run.result?.kind === 'blob') return null;
    const encoding = run.result?.encoding ?? 'json';
    const bytes = await reach(this.redis.getBuffer(`${this.keys.run(run.id)}${INLINE_SUFFIXES[encoding]}`));
    return bytes === null ? null : { bytes, encoding };
  }

  async #end(
    run: Pick<Run, 'id' | 'kind'>,
    status: Exclude<Status, 'processing'>,
    event: RunEvent,
    end: { error?: JobError; reference?: ResultReference; inline?: { suffix: string; body: string | Buffer } },
  ): Promise<boolean> {
    const { keys, retention } = this;
    const definition = this.catalog.run(run.kind);
    const own = [keys.run(run.id), keys.requestsOf(run.id), keys.processing];
    const reply = await runScript(
      this.redis,
      'end',
      end.inline === undefined ? own : [...own, `${keys.run(run.id)}${end.inline.suffix}`],
      {
        runId: run.id,
        status,
        now: Date.now(),
        error: end.error === undefined ? null : JSON.stringify(end.error),
        event: JSON.stringify(event),
        reference: end.reference === undefined ? null : JSON.stringify(end.reference),
        retentionMs: definition.retentionMs ?? retention.ttlMs[status],
        tombstoneMs: retention.tombstoneMs,
        parts: RUN_PARTS,
        workingParts: WORKING_PARTS,
        requestStem: keys.requestStem,
        tombstoneStem: keys.tombstoneStem,
        stopped: keys.stopped,
        backlogs: this.parts.backlogs(definition.unit),
        usageStem: keys.usageStem,
        unit: this.parts.unit(definition.unit),
        outbox: this.parts.outbox,
        feed: this.parts.feed(run.id),
      },
      ...(end.inline === undefined ? [] : [end.inline.body]),
    );
    return reply === 'ended';
  }
}
