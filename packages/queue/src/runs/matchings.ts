import { type MatchStep, matchStepSchema, type RunOf, SottoError } from '@sotto/contracts';
import type { Redis } from 'ioredis';
import type { QueueSettings } from '../redis/settings.ts';
import { Checkpoints } from './checkpoints.ts';
import { RunLifecycle } from './lifecycle.ts';

const CHECKPOINTS = { kind: 'matching', stage: 'matching', total: 'stepsTotal', done: 'stepsDone' } as const;

/** Checkpoints of runs of kind `matching`: the steps of the search, which a worker that dies loses one of. */
export class Matchings {
  readonly #lifecycle: RunLifecycle;
  readonly #checkpoints: Checkpoints<MatchStep>;

  constructor(redis: Redis, settings: QueueSettings) {
    this.#lifecycle = new RunLifecycle(redis, settings);
    this.#checkpoints = new Checkpoints(redis, settings, CHECKPOINTS, matchStepSchema);
  }

  /**
   * It is known how many steps there are.
   *
   * @throws SottoError `job_cancelled`; `quota_exceeded` when its key has not that much left.
   */
  async planned(run: RunOf<'matching'>, stepsTotal: number): Promise<void> {
    const stored = await this.#lifecycle.settle({
      run,
      cost: run.upload.characters,
      stage: CHECKPOINTS.stage,
      warnings: [],
      fields: { stepsTotal },
      plan: JSON.stringify({ stepsTotal }),
    });
    if (stored === null) throw new SottoError('job_cancelled', 'The job ended before its first step.');
  }

  /** @throws SottoError `job_cancelled` when the run has ended meanwhile */
  async put(runId: string, step: MatchStep): Promise<void> {
    const isStored = await this.#checkpoints.put(runId, { result: step, events: [], sums: {} });
    if (isStored || (await this.#checkpoints.find(runId, step.index)) !== null) return;
    throw new SottoError('job_cancelled', 'The job ended while its voice was being looked for.');
  }

  /** In order. */
  steps(runId: string): Promise<MatchStep[]> {
    return this.#checkpoints.all(runId);
  }
}
