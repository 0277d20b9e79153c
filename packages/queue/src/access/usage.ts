import type { ApiKey } from '@sotto/contracts';
import type { Redis } from 'ioredis';
import { z } from 'zod';
import { quotaSubject } from '../outbox/webhook-subject.ts';
import { reach, replies } from '../redis/connection.ts';
import { ANONYMOUS_KEY, Keys } from '../redis/keys.ts';
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
  /** Of recordings that were transcribed to the end. */
  audioMs: number;
  /** Time of engines, also for what failed or was cancelled. */
  processingMs: number;
}

export interface QuotaState {
  name: QuotaName;
  limitMs: number;
  usedMs: number;
  /** Guessed, of recordings that are not decoded yet. */
  heldMs: number;
  resetsAtMs: number;
  /** When 80 % were used first, and when all was, or a recording did not fit; null: not yet. */
  warnedAtMs: number | null;
  reachedAtMs: number | null;
}

/** Something a key is told about a quota, once in a period. */
export interface QuotaEvent {
  keyId: string;
  name: QuotaName;
  percent: number;
  /** At that moment. */
  limitMs: number;
  usedMs: number;
  atMs: number;
  resetsAtMs: number;
}

const toldSchema = z.object({ percent: z.int(), limitMs: z.number(), usedMs: z.number(), atMs: z.number() });

/** Read at once: a year of many keys must not keep other callers of Redis waiting. */
const PAGE = 1000;
const DAY_LENGTH = '2026-11-21'.length;
const FIELDS = ['requests', 'audioMs', 'engineMs'];

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
    for (const day of days) sets.smembers(this.#keys.usageKeys(day));
    const found = (await replies(sets)) as string[][];
    const wanted = days.flatMap((day, i) => (found[i] ?? []).sort().map((id) => ({ day, keyId: keyOf(id) })));
    return this.#read(wanted);
  }

  /** How its quotas stand; those it has. */
  async quotas({ id, limits }: Pick<ApiKey, 'id' | 'limits'>, nowMs: number): Promise<QuotaState[]> {
    const { day, dayEndsAtMs, month, monthEndsAtMs } = periodsAt(nowMs);
    const all = [
      { name: 'day', minutes: limits.audioMinutesPerDay, period: day, resetsAtMs: dayEndsAtMs },
      { name: 'month', minutes: limits.audioMinutesPerMonth, period: month, resetsAtMs: monthEndsAtMs },
    ] as const;
    const states = all.map(async ({ name, minutes, period, resetsAtMs }) => {
      if (minutes === null) return null;
      const values = await reach(this.#redis.hmget(this.#keys.usage(id, period), 'used', 'held', 'told80', 'told100'));
      const [usedMs, heldMs] = [Number(values[0] ?? 0), Number(values[1] ?? 0)];
      const [warnedAtMs = null, reachedAtMs = null] = values.slice(2).map((json) => toldOf(json)?.atMs ?? null);
      return { name, limitMs: Math.floor(minutes * 60_000), usedMs, heldMs, resetsAtMs, warnedAtMs, reachedAtMs };
    });
    return (await Promise.all(states)).filter((state) => state !== null);
  }

  /** What a webhook of the outbox is about; null: not a quota, or it is not kept any more. */
  async quotaEvent(subject: string): Promise<QuotaEvent | null> {
    const about = quotaSubject(subject);
    if (about === null) return null;
    const { keyId, period, percent } = about;
    const told = toldOf(await reach(this.#redis.hget(this.#keys.usage(keyId, period), `told${percent}`)));
    if (told === null) return null;
    const { dayEndsAtMs, monthEndsAtMs } = periodsAt(Date.parse(period));
    const name = period.length === DAY_LENGTH ? 'day' : 'month';
    return { ...told, keyId, name, resetsAtMs: name === 'day' ? dayEndsAtMs : monthEndsAtMs };
  }

  async #read(wanted: Pick<UsageDay, 'day' | 'keyId'>[]): Promise<UsageDay[]> {
    const found: (string | null)[][] = [];
    for (let at = 0; at < wanted.length; at += PAGE) {
      const pipeline = this.#redis.pipeline();
      for (const { day, keyId } of wanted.slice(at, at + PAGE)) {
        pipeline.hmget(this.#keys.usage(keyId, day), ...FIELDS);
      }
      found.push(...((await replies(pipeline)) as (string | null)[][]));
    }
    return wanted.flatMap((one, i) => {
      const [requests, audioMs, processingMs] = (found[i] ?? []).map((text) => Number(text ?? 0));
      if (!requests) return [];
      return [{ ...one, requests, audioMs: audioMs ?? 0, processingMs: processingMs ?? 0 }];
    });
  }
}

const toldOf = (json: string | null | undefined) => (json ? toldSchema.parse(JSON.parse(json)) : null);

const keyOf = (id: string): string | null => (id === ANONYMOUS_KEY ? null : id);
