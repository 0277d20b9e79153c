import { type PieceResult, pieceResultSchema, type Run, SottoError, type TextPiece } from '@sotto/contracts';
import type { Redis } from 'ioredis';
import { reach } from '../redis/faults.ts';
import { Keys } from '../redis/keys.ts';
import type { QueueSettings } from '../redis/settings.ts';
import { Checkpoints } from './checkpoints.ts';
import { RunLifecycle } from './lifecycle.ts';
import { type SpeechPlan, speechPlanSchema } from './speech-plan.ts';

const CHECKPOINTS = { kind: 'speech', stage: 'speaking', total: 'piecesTotal', done: 'piecesDone' } as const;

/** Checkpoints of runs of kind `speech`: the plan of the text, and what is known of the sound of each piece. */
export class SpokenText {
  readonly #lifecycle: RunLifecycle;
  readonly #checkpoints: Checkpoints<PieceResult>;
  readonly #redis: Redis;
  readonly #keys: Keys;

  constructor(redis: Redis, settings: QueueSettings) {
    this.#redis = redis;
    this.#keys = new Keys(settings.prefix);
    this.#lifecycle = new RunLifecycle(redis, settings);
    this.#checkpoints = new Checkpoints(redis, settings, CHECKPOINTS, pieceResultSchema);
  }

  /**
   * Stores the plan of a text and returns the plan that counts, which is the first one stored. Its warnings are added
   * to the run.
   *
   * @throws SottoError `job_cancelled`; `quota_exceeded` when the text is longer than its key has left.
   */
  async planned(run: Pick<Run, 'id' | 'kind'>, plan: SpeechPlan): Promise<SpeechPlan> {
    const stored = await this.#lifecycle.settle({
      run,
      cost: plan.characters,
      stage: CHECKPOINTS.stage,
      warnings: plan.warnings,
      fields: { piecesTotal: plan.pieces.length },
      plan: JSON.stringify(plan),
    });
    if (stored === null) throw new SottoError('job_cancelled', 'The job ended while its text was being read.');
    return speechPlanSchema.parse(JSON.parse(stored));
  }

  async plan(runId: string): Promise<SpeechPlan | null> {
    const json = await this.#lifecycle.plan(runId);
    return json === null ? null : speechPlanSchema.parse(JSON.parse(json));
  }

  /** Stores what is known of a piece whose sound is stored. false: that was done before, or the run has ended. */
  complete(runId: string, result: PieceResult, piece: Pick<TextPiece, 'shown' | 'pauseMs'>): Promise<boolean> {
    const { index, engineMs, sampleRateHz } = result;
    const durationMs = result.durationMs + piece.pauseMs;
    const event = { type: 'spoken', index, durationMs, sampleRateHz, text: piece.shown } as const;
    return this.#checkpoints.put(runId, { result, events: [event], sums: { engineMs, durationMs } });
  }

  /**
   * For whom what is spoken may be kept, to be taken again for other texts: the key of the run, null for all that have none.
   * `nobody`: its client asked for everything to be done anew, or the run is gone.
   */
  async keptFor(runId: string): Promise<{ keyId: string | null } | 'nobody'> {
    const [workKey, keyId] = await reach(this.#redis.hmget(this.#keys.runs.record(runId), 'workKey', 'keyId'));
    if (!workKey) return 'nobody';
    return { keyId: keyId || null };
  }

  result(runId: string, index: number): Promise<PieceResult | null> {
    return this.#checkpoints.find(runId, index);
  }

  /** In the order of the text. */
  results(runId: string): Promise<PieceResult[]> {
    return this.#checkpoints.all(runId);
  }
}
