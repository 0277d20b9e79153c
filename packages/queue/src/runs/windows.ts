import { type Run, type RunEvent, SottoError, type WindowResult, windowResultSchema } from '@sotto/contracts';
import type { Redis } from 'ioredis';
import { CATALOG, type Catalog } from '../catalog/catalog.ts';
import { reach } from '../redis/faults.ts';
import { Keys } from '../redis/keys.ts';
import { ScriptParts } from '../redis/script-parts.ts';
import { runScript } from '../redis/scripts.ts';
import type { QueueSettings } from '../redis/settings.ts';
import { RunLifecycle } from './lifecycle.ts';
import { type Plan, planSchema } from './plan.ts';

const KIND = 'transcription';
const STAGE = 'transcribing';

/** Checkpoints of transcriptions: the plan of the recording, and the result of each window. */
export class Windows {
  readonly #redis: Redis;
  readonly #keys: Keys;
  readonly #lifecycle: RunLifecycle;
  readonly #catalog: Catalog;
  readonly #parts: ScriptParts;

  constructor(redis: Redis, settings: QueueSettings) {
    this.#redis = redis;
    this.#keys = new Keys(settings.prefix);
    this.#lifecycle = new RunLifecycle(redis, settings);
    this.#catalog = settings.catalog ?? CATALOG;
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
      fromPercent: run.kind === KIND && !hasWindows ? this.#catalog.stage(KIND, STAGE).to : undefined,
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
      stage: this.#catalog.stage(KIND, STAGE),
      feed: this.#parts.feed(runId),
    });
  }

  /** Stores the result of a window. false: it has one already, or the run has ended; nothing was changed. */
  async complete(runId: string, result: WindowResult): Promise<boolean> {
    const keys = this.#keys;
    const reply = await runScript(
      this.#redis,
      'window-result',
      [keys.runs.record(runId), keys.runs.windows(runId), keys.runs.texts(runId), keys.runs.fractions(runId)],
      {
        runId,
        index: result.index,
        engineMs: Math.round(result.engineMs),
        stage: this.#catalog.stage(KIND, STAGE),
        backlogs: this.#parts.backlogs(this.#catalog.run(KIND).unit),
        feed: this.#parts.feed(runId),
      },
      JSON.stringify(result),
      textEventLines(result),
    );
    return reply === 'stored';
  }

  async result(runId: string, index: number): Promise<WindowResult | null> {
    const json = await reach(this.#redis.hget(this.#keys.runs.windows(runId), String(index)));
    return json === null ? null : windowResultSchema.parse(JSON.parse(json));
  }

  /** In the order of the recording. */
  async results(runId: string): Promise<WindowResult[]> {
    const jsons = await reach(this.#redis.hvals(this.#keys.runs.windows(runId)));
    return jsons.map((json) => windowResultSchema.parse(JSON.parse(json))).sort((a, b) => a.index - b.index);
  }
}

/** One event per segment, as JSON lines: JSON contains no raw line breaks. */
function textEventLines(result: WindowResult): string {
  return result.segments
    .map(({ startMs, endMs, text }): RunEvent => ({ type: 'text', startMs, endMs, text }))
    .map((event) => JSON.stringify(event))
    .join('\n');
}
