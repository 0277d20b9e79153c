import type { Redis } from 'ioredis';
import { Keys } from '../redis/keys.ts';
import { runScript } from '../redis/scripts.ts';
import type { QueueSettings } from '../redis/settings.ts';
import { DAY_MS, periodsAt } from './usage-period.ts';

/** What was taken of a budget, if there was enough of it. */
export interface TakenBudget {
  isTaken: boolean;
  /** Of this month, by all workers. */
  used: number;
  /** When the next one begins. */
  resetsAtMs: number;
}

/**
 * What this service may use of another server in a month (UTC), whichever of its workers asks. It is the operator's, not a key's: keys have
 * quotas of their own.
 */
export class RemoteBudgets {
  readonly #redis: Redis;
  readonly #keys: Keys;

  constructor(redis: Redis, settings: QueueSettings) {
    this.#redis = redis;
    this.#keys = new Keys(settings.prefix);
  }

  /**
   * @param name of what is used: `speech`
   * @param limit null: it is only counted
   * @param nowMs for tests
   */
  async take(name: string, amount: number, limit: number | null, nowMs = Date.now()): Promise<TakenBudget> {
    const { month, monthEndsAtMs } = periodsAt(nowMs);
    // What is given back a little later finds its month.
    const argument = { amount, limit, expiresAtMs: monthEndsAtMs + DAY_MS };
    const reply = await runScript(this.#redis, 'take-budget', [this.#keys.access.remoteUse(name, month)], argument);
    const [answer, used] = reply as ['taken' | 'spent', number];
    return { isTaken: answer === 'taken', used, resetsAtMs: monthEndsAtMs };
  }

  /** Of the current month. */
  async giveBack(name: string, amount: number): Promise<void> {
    if (amount > 0) await this.take(name, -amount, null);
  }
}
