import { type Run, SottoError, type WindowResult, windowResultSchema } from '@sotto/contracts';
import type { Redis } from 'ioredis';
import { Keys } from '../redis/keys.ts';
import { ScriptParts } from '../redis/script-parts.ts';
import { runScript } from '../redis/scripts.ts';
import type { QueueSettings } from '../redis/settings.ts';
import { Checkpoints } from './checkpoints.ts';
import { RunLifecycle } from './lifecycle.ts';
import { type Plan, planSchema } from './plan.ts';

const KIND = 'transcription';
const STAGE = 'transcribing';
const CHECKPOINTS = { kind: KIND, stage: STAGE, total: 'windowsTotal', done: 'windowsDone' } as const;

/** Checkpoints of transcriptions: the plan of the recording, and the result of each window. */
export class Windows {
  readonly #redis: Redis;
  readonly #keys: Keys;
  readonly #lifecycle: RunLifecycle;
  readonly #checkpoints: Checkpoints<WindowResult>;
  readonly #parts: ScriptParts;

  constructor(redis: Redis, settings: QueueSettings) {
    this.#redis = redis;
    this.#keys = new Keys(settings.prefix);
    this.#lifecycle = new RunLifecycle(redis, settings);
    this.#checkpoints = new Checkpoints(redis, settings, CHECKPOINTS, windowResultSchema);
    this.#parts = new ScriptParts(this.#keys);
  }

  /**
   * Stores the plan of a recording and returns the plan that counts, which is the first one stored. Its warnings are
   * added to the run.
   *
   * @throws SottoError `job_cancelled`; `quota_exceeded` when the recording is longer than its key has left.
   */
  async planned(run: Pick<Run, 'id' | 'kind'>, plan: Plan): Promise<Plan> {
    const hasWindows = plan.windows.length > 0;
    const stored = await this.#lifecycle.settle({
      run,
      cost: plan.durationMs,
      toGo: plan.speechMs,
      stage: STAGE,
      fromPercent: run.kind === KIND && !hasWindows ? this.#checkpoints.stage.to : undefined,
      warnings: plan.warnings,
      fields: run.kind === KIND ? { windowsTotal: plan.windows.length } : {},
      plan: JSON.stringify(plan),
    });
    if (stored === null) throw new SottoError('job_cancelled', 'The job ended while it was being prepared.');
    return planSchema.parse(JSON.parse(stored));
  }

  async plan(runId: string): Promise<Plan | null> {
    const json = await this.#lifecycle.plan(runId);
    return json === null ? null : planSchema.parse(JSON.parse(json));
  }

  /** `fraction`: how much of the window has been decoded, 0-1. Called at most twice a second per window. */
  async progress(runId: string, index: number, fraction: number): Promise<void> {
    const keys = this.#keys;
    const own = [keys.runs.record(runId), keys.runs.windows(runId), keys.runs.fractions(runId)];
    await runScript(this.#redis, 'window-progress', own, {
      index,
      fraction: Math.min(1, Math.max(0, fraction)).toFixed(3),
      stage: this.#checkpoints.stage,
      feed: this.#parts.feed(runId),
    });
  }

  /** Stores the result of a window. false: it has one already, or the run has ended; nothing was changed. */
  complete(runId: string, result: WindowResult): Promise<boolean> {
    const { engineMs, segments } = result;
    const events = segments.map(({ startMs, endMs, text }) => ({ type: 'text' as const, startMs, endMs, text }));
    return this.#checkpoints.put(runId, { result, events, sums: { engineMs } });
  }

  result(runId: string, index: number): Promise<WindowResult | null> {
    return this.#checkpoints.find(runId, index);
  }

  /** In the order of the recording. */
  results(runId: string): Promise<WindowResult[]> {
    return this.#checkpoints.all(runId);
  }
}
