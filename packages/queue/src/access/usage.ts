import type { ApiKey } from '@sotto/contracts';
import type { Redis } from 'ioredis';
import { z } from 'zod';
import { COST_UNIT_NAMES, COST_UNITS, type CostUnit } from '../catalog/costs.ts';
import { reach, replies } from '../redis/connection.ts';
import { ANONYMOUS_KEY } from '../redis/keys/access.ts';
import { Keys } from '../redis/keys.ts';
import type { QueueSettings } from '../redis/settings.ts';
import type { QuotaName } from './quota.ts';
import { daysBetween, periodsAt } from './usage-period.ts';

/** What a key had done on a day: the day its work was accepted, whenever it ended. */
export interface UsageDay {
  /** Of UTC: `2026-11-21`. */
  day: string;
  /** null: without a key. */
  keyId: string | null;
  /** Accepted, those that joined a run or found its result too. */
  requests: number;
  /** Cost of runs that were completed, by unit; 0: none. */
  done: Record<CostUnit, number>;
  /** Time of engines, also for what failed or was cancelled. */
  processingMs: number;
}

export interface QuotaState {
  name: QuotaName;
  unit: CostUnit;
  /** In the unit, as the others. */
  limit: number;
  used: number;
  /** Expected, of runs whose cost is not known yet. */
  reserved: number;
  resetsAtMs: number;
  /** When 80 % were used first, and when all was, or a run did not fit; null: not yet. */
  warnedAtMs: number | null;
  reachedAtMs: number | null;
}

/** Which quota a key is to be told of. */
export interface QuotaNotice {
  keyId: string;
  /** `2026-11-21` or `2026-11`. */
  period: string;
  unit: CostUnit;
  percent: number;
}

/** Something a key is told about a quota, once in a period. */
export interface QuotaEvent {
  keyId: string;
  name: QuotaName;
  unit: CostUnit;
  percent: number;
  /** At that moment, in the unit. */
  limit: number;
  used: number;
  atMs: number;
  resetsAtMs: number;
}

/** What lua/include/quota.lua notes; builds before units noted audio only, as `limitMs` and `usedMs`. */
const toldSchema = z
  .object({
    percent: z.int(),
    limit: z.number().optional(),
    used: z.number().optional(),
    limitMs: z.number().optional(),
    usedMs: z.number().optional(),
    atMs: z.number(),
  })
  .transform(({ percent, atMs, limit, used, limitMs, usedMs }) => {
    return { percent, atMs, limit: limit ?? limitMs ?? 0, used: used ?? usedMs ?? 0 };
  });

/** Read at once: a year of many keys must not keep other callers of Redis waiting. */
const PAGE = 1000;
const DAY_LENGTH = '2026-11-21'.length;
const FIELDS = ['requests', 'engineMs', ...COST_UNIT_NAMES.map((unit) => COST_UNITS[unit].usage.done)];

/** What was used, per key and day, and what is left. Counted by the scripts that change runs. */
export class Usage {
  readonly #redis: Redis;
  readonly #keys: Keys;

  constructor(redis: Redis, settings: QueueSettings) {
    this.#redis = redis;
    this.#keys = new Keys(settings.prefix);
  }

  /** Days of one key on which it did something, oldest first. `first` and `last`: as `2026-11-21`, included. */
  async ofKey(keyId: string | null, first: string, last: string): Promise<UsageDay[]> {
    return this.#read(daysBetween(first, last).map((day) => ({ day, keyId })));
  }

  /** The same of all keys. */
  async ofAll(first: string, last: string): Promise<UsageDay[]> {
    const days = daysBetween(first, last);
    const sets = this.#redis.pipeline();
    for (const day of days) sets.smembers(this.#keys.access.usageKeys(day));
    const found = (await replies(sets)) as string[][];
    const wanted = days.flatMap((day, i) => (found[i] ?? []).sort().map((id) => ({ day, keyId: keyOf(id) })));
    return this.#read(wanted);
  }

  /** How its quotas stand; those it has. */
  async quotas({ id, limits }: Pick<ApiKey, 'id' | 'limits'>, nowMs: number): Promise<QuotaState[]> {
    const { day, dayEndsAtMs, month, monthEndsAtMs } = periodsAt(nowMs);
    const periods = [
      { name: 'day', period: day, resetsAtMs: dayEndsAtMs },
      { name: 'month', period: month, resetsAtMs: monthEndsAtMs },
    ] as const;
    const all = COST_UNIT_NAMES.flatMap((unit) => periods.map((period) => ({ unit, ...period })));
    const states = all.map(async ({ unit, name, period, resetsAtMs }) => {
      const { usage, quotas } = COST_UNITS[unit];
      const limit = (limits as Readonly<Record<string, unknown>>)[quotas[name]];
      if (typeof limit !== 'number') return null;
      const fields = [usage.used, usage.reserved, toldField(unit, 80), toldField(unit, 100)];
      const [used, reserved, ...told] = await reach(this.#redis.hmget(this.#keys.access.usage(id, period), ...fields));
      const [warnedAtMs = null, reachedAtMs = null] = told.map((json) => toldOf(json)?.atMs ?? null);
      return {
        name,
        unit,
        limit: Math.floor(limit * quotas.scale),
        used: Number(used ?? 0),
        reserved: Number(reserved ?? 0),
        resetsAtMs,
        warnedAtMs,
        reachedAtMs,
      };
    });
    return (await Promise.all(states)).filter((state) => state !== null);
  }

  /** What was noted of a quota that is warned of, or used up; null: it is not kept any more. */
  async quotaEvent({ keyId, period, unit, percent }: QuotaNotice): Promise<QuotaEvent | null> {
    const told = toldOf(
      await reach(this.#redis.hget(this.#keys.access.usage(keyId, period), toldField(unit, percent))),
    );
    if (told === null) return null;
    const { dayEndsAtMs, monthEndsAtMs } = periodsAt(Date.parse(period));
    const name = period.length === DAY_LENGTH ? 'day' : 'month';
    return { ...told, keyId, unit, name, resetsAtMs: name === 'day' ? dayEndsAtMs : monthEndsAtMs };
  }

  async #read(wanted: Pick<UsageDay, 'day' | 'keyId'>[]): Promise<UsageDay[]> {
    const found: (string | null)[][] = [];
    for (let at = 0; at < wanted.length; at += PAGE) {
      const pipeline = this.#redis.pipeline();
      for (const { day, keyId } of wanted.slice(at, at + PAGE)) {
        pipeline.hmget(this.#keys.access.usage(keyId, day), ...FIELDS);
      }
      found.push(...((await replies(pipeline)) as (string | null)[][]));
    }
    return wanted.flatMap((one, i) => {
      const [requests = 0, processingMs = 0, ...costs] = (found[i] ?? []).map((text) => Number(text ?? 0));
      if (requests === 0) return [];
      const done = Object.fromEntries(COST_UNIT_NAMES.map((unit, at) => [unit, costs[at] ?? 0]));
      return [{ ...one, requests, processingMs, done: done as Record<CostUnit, number> }];
    });
  }
}

/** As lua/include/quota.lua names it. */
const toldField = (unit: CostUnit, percent: number): string =>
  unit === 'audio_ms' ? `told${percent}` : `told:${unit}:${percent}`;

const toldOf = (json: string | null | undefined) => (json ? toldSchema.parse(JSON.parse(json)) : null);

const keyOf = (id: string): string | null => (id === ANONYMOUS_KEY ? null : id);
