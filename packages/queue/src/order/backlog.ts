import type { Redis } from 'ioredis';
import type { CostUnit } from '../catalog/costs.ts';
import { Keys } from '../redis/keys.ts';
import { runScript } from '../redis/scripts.ts';
import type { QueueSettings } from '../redis/settings.ts';
import type { UnfinishedRun } from './fair-share.ts';

/** More of them do not make an estimate better, and a script blocks Redis. */
const MAX_RUNS = 2_000;

/** Accepted work that is not done. */
export interface BacklogSize {
  runs: number;
  /** Still to be done, in the unit asked for; the expected cost, for runs whose cost is not known yet. */
  cost: number;
}

/** How much work is unfinished, in total and of each key. The scripts that change it keep count. */
export class Backlog {
  readonly #redis: Redis;
  readonly #keys: Keys;

  constructor(redis: Redis, settings: QueueSettings) {
    this.#redis = redis;
    this.#keys = new Keys(settings.prefix);
  }

  size(unit: CostUnit = 'audio_ms'): Promise<BacklogSize> {
    return this.#sum(this.#keys.order.backlog(unit));
  }

  sizeOf(keyId: string | null, unit: CostUnit = 'audio_ms'): Promise<BacklogSize> {
    return this.#sum(this.#keys.order.backlogOfKey(keyId, unit));
  }

  /** The runs of the backlog: at most `limit`, those with the least left to do. */
  async runs(unit: CostUnit = 'audio_ms', limit = MAX_RUNS): Promise<UnfinishedRun[]> {
    const { runs: runKeys, access, order } = this.#keys;
    const argument = { runStem: runKeys.stem, keyRecordStem: access.apiKeyStem, limit };
    const flat = (await runScript(this.#redis, 'unfinished', [order.backlog(unit)], argument)) as string[];
    const runs: UnfinishedRun[] = [];
    for (let i = 0; i + 4 < flat.length; i += 5) {
      const [id = '', cost, lane, keyId, weight] = flat.slice(i, i + 5);
      runs.push({
        id,
        cost: Number(cost),
        weight: Number(weight) || 1,
        keyId: keyId || null,
        lane: lane === 'interactive' ? 'interactive' : 'batch',
      });
    }
    return runs;
  }

  async #sum(key: string): Promise<BacklogSize> {
    const [runs, cost] = (await runScript(this.#redis, 'backlog', [key])) as [number, number];
    return { runs, cost };
  }
}

/**
 * Seconds until a cost has been worked off.
 *
 * @param perSecond cost that all workers together work off in a second; null: not measured yet.
 */
export function secondsUntilDone(cost: number, perSecond: number | null): number {
  if (perSecond === null || perSecond <= 0) return UNMEASURED_WAIT_SECONDS;
  return Math.min(MAX_WAIT_SECONDS, Math.max(1, Math.ceil(cost / perSecond)));
}

const UNMEASURED_WAIT_SECONDS = 10;
const MAX_WAIT_SECONDS = 3600;
