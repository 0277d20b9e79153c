import type { ApiKey } from '@sotto/contracts';
import type { Redis } from 'ioredis';
import { z } from 'zod';
import { COST_UNIT_NAMES, COST_UNITS, type CostUnit } from '../catalog/costs.ts';
import { reach, replies } from '../redis/faults.ts';
import { ANONYMOUS_KEY } from '../redis/keys/access.ts';
import { Keys } from '../redis/keys.ts';
import type { QueueSettings } from '../redis/settings.ts';
import type { QuotaName } from './quota.ts';
import { daysBetween, periodsAt } from './usage-period.ts';
import { VoiceUsage } from './voice-use.ts';

/** What was done for a key on a day; work counts on the day it was accepted, whenever it ended. */
export interface UsageDay {
  /** UTC: `2026-11-21`. */
  day: string;
  /** null: work without a key. */
  keyId: string | null;
  /** Accepted requests, also those that joined a run or found its result. */
  requests: number;
  /** Cost of completed runs, by unit. */
  done: Record<CostUnit, number>;
  /** Engine time, also of runs that failed or were cancelled. */
  processingMs: number;
}

export interface QuotaState {
  name: QuotaName;
  unit: CostUnit;
  /** In `unit`, as `used` and `reserved`. */
  limit: number;
  used: number;
  /** Expected cost of accepted runs whose cost is not known yet. */
  reserved: number;
  resetsAtMs: number;
  /** When 80 % had been used, and when all of it had, or a run did not fit; null: not yet. */
  warnedAtMs: number | null;
  reachedAtMs: number | null;
}

/** The quota that a key is to be notified of. */
export interface QuotaNotice {
  keyId: string;
  /** `2026-11-21` or `2026-11`. */
  period: string;
  unit: CostUnit;
  percent: number;
}

/** A key has used so much of a quota; happens once in a period for each percentage. */
export interface QuotaEvent {
  keyId: string;
  name: QuotaName;
  unit: CostUnit;
  percent: number;
  /** At that moment, in `unit`. */
  limit: number;
  used: number;
  atMs: number;
  resetsAtMs: number;
}

/** What lua/include/quota.lua writes; builds before units counted audio only, as `limitMs` and `usedMs`. */
const noteSchema = z
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

/** Records per pipeline: a year of many keys must not keep other clients of Redis waiting. */
const PAGE = 1000;
const DAY_LENGTH = '2026-11-21'.length;
const FIELDS = ['requests', 'engineMs', ...COST_UNIT_NAMES.map((unit) => COST_UNITS[unit].usage.done)];

/** Usage per key and day, and the state of quotas. The scripts that change runs count it. */
export class Usage {
  readonly voices: VoiceUsage;
  readonly #redis: Redis;
  readonly #keys: Keys;

  constructor(redis: Redis, settings: QueueSettings) {
    this.#redis = redis;
    this.#keys = new Keys(settings.prefix);
    this.voices = new VoiceUsage(redis, this.#keys);
  }

  /** Days on which a key used something, oldest first. `first` and `last`: as `2026-11-21`, inclusive. */
  async ofKey(keyId: string | null, first: string, last: string): Promise<UsageDay[]> {
    return this.#read(daysBetween(first, last).map((day) => ({ day, keyId })));
  }

  /** The same for all keys. */
  async ofAll(first: string, last: string): Promise<UsageDay[]> {
    const days = daysBetween(first, last);
    const sets = this.#redis.pipeline();
    for (const day of days) sets.smembers(this.#keys.access.usageKeys(day));
    const found = (await replies(sets)) as string[][];
    const wanted = days.flatMap((day, i) => (found[i] ?? []).sort().map((id) => ({ day, keyId: keyOf(id) })));
    return this.#read(wanted);
  }

  /** The state of the quotas that a key has. */
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
      const fields = [usage.used, usage.reserved, noteField(unit, 80), noteField(unit, 100)];
      const [used, reserved, ...notes] = await reach(this.#redis.hmget(this.#keys.access.usage(id, period), ...fields));
      const [warnedAtMs = null, reachedAtMs = null] = notes.map((json) => noteOf(json)?.atMs ?? null);
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

  /** The event of a quota of which 80 or 100 % have been used; null: it has expired. */
  async quotaEvent({ keyId, period, unit, percent }: QuotaNotice): Promise<QuotaEvent | null> {
    const note = noteOf(
      await reach(this.#redis.hget(this.#keys.access.usage(keyId, period), noteField(unit, percent))),
    );
    if (note === null) return null;
    const { dayEndsAtMs, monthEndsAtMs } = periodsAt(Date.parse(period));
    const name = period.length === DAY_LENGTH ? 'day' : 'month';
    return { ...note, keyId, unit, name, resetsAtMs: name === 'day' ? dayEndsAtMs : monthEndsAtMs };
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

/** The field's name in lua/include/quota.lua. */
const noteField = (unit: CostUnit, percent: number): string =>
  unit === 'audio_ms' ? `told${percent}` : `told:${unit}:${percent}`;

const noteOf = (json: string | null | undefined) => (json ? noteSchema.parse(JSON.parse(json)) : null);

const keyOf = (id: string): string | null => (id === ANONYMOUS_KEY ? null : id);
