import type { Warning } from '@sotto/contracts';
import type { Redis } from 'ioredis';
import { reach } from '../redis/faults.ts';
import { Keys } from '../redis/keys.ts';
import { runScript } from '../redis/scripts.ts';
import type { QueueSettings } from '../redis/settings.ts';

/**
 * Extras: what is made for a run in addition to its result, each by a job of its own kind. processing -> completed or
 * failed. One that failed can be asked for again while the run is kept. The failure of an extra never fails its run.
 */
export class Extras {
  readonly #redis: Redis;
  readonly #keys: Keys;

  constructor(redis: Redis, settings: QueueSettings) {
    this.#redis = redis;
    this.#keys = new Keys(settings.prefix);
  }

  /**
   * Asks for an extra. `asked`: how often it has been asked for, including this time; while it is processing, asking
   * again returns the same number. 'done': it exists already. 'gone': the run is gone, or did not complete.
   *
   * @param again makes it anew although it exists; until then, its result stays
   */
  async ask(
    runId: string,
    kind: string,
    warningCode: string,
    again = false,
  ): Promise<{ asked: number } | 'done' | 'gone'> {
    return this.#record(runId, { extra: kind, state: 'processing', code: warningCode, isAgain: again });
  }

  /** `result`: JSON text, for `result()` to read; null: it is stored elsewhere. */
  async complete(runId: string, kind: string, warningCode: string, result: string | null): Promise<void> {
    await this.#record(
      runId,
      { extra: kind, state: 'completed', code: warningCode, hasResult: result !== null },
      result,
    );
  }

  async fail(runId: string, kind: string, warning: Warning): Promise<void> {
    const code = warning.code;
    await this.#record(runId, { extra: kind, state: 'failed', code, warning: JSON.stringify(warning) });
  }

  /** null: there is none, or not yet. */
  async result(runId: string, kind: string): Promise<string | null> {
    return reach(this.#redis.hget(this.#keys.runs.extras(runId), kind));
  }

  async #record(
    runId: string,
    argument: Readonly<Record<string, unknown>>,
    result: string | null = null,
  ): Promise<{ asked: number } | 'done' | 'gone'> {
    const own = [this.#keys.runs.record(runId), this.#keys.runs.extras(runId)];
    const reply = await runScript(this.#redis, 'extra', own, argument, ...(result === null ? [] : [result]));
    const [answer, asked] = reply as ['noted' | 'done' | 'gone', number];
    return answer === 'noted' ? { asked: Number(asked) } : answer;
  }
}
