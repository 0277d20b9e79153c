import {
  toIso,
  toIsoOrNull,
  toMinutes,
  type WireQuota,
  type WireUsageAmounts,
  type WireUsageDay,
  type WireUsageReport,
} from '@sotto/contracts';
import { COST_UNIT_NAMES, type CostUnit, type QuotaState, type UsageDay } from '@sotto/queue';
import type { Price } from '../settings/settings.ts';
import type { UsageRange } from './range.ts';

/** `names`: of keys, by id. */
export function usageReport(
  { from, to }: UsageRange,
  used: readonly UsageDay[],
  { perAudioMinute, perThousandCharacters, currency }: Price,
  names: ReadonlyMap<string, string>,
): WireUsageReport {
  const prices: Prices = { audio_ms: perAudioMinute / 60_000, characters: perThousandCharacters / 1000 };
  const days = used.map(
    (one): WireUsageDay => ({
      day: one.day,
      key_id: one.keyId,
      name: one.keyId === null ? null : (names.get(one.keyId) ?? one.keyId),
      ...amountsOf(one, prices),
    }),
  );
  const sum = (read: (one: UsageDay) => number) => used.reduce((all, one) => all + read(one), 0);
  const done = Object.fromEntries(COST_UNIT_NAMES.map((unit) => [unit, sum((one) => one.done[unit])]));
  const all = {
    requests: sum(({ requests }) => requests),
    processingMs: sum(({ processingMs }) => processingMs),
    done: done as UsageDay['done'],
  };
  const total = amountsOf(all, prices);
  const told = { price_per_audio_minute: perAudioMinute, price_per_thousand_characters: perThousandCharacters };
  return { from, to, currency, ...told, days, total };
}

/** Of one unit of cost each. */
type Prices = Record<CostUnit, number>;

function amountsOf(
  { requests, done, processingMs }: Pick<UsageDay, 'requests' | 'done' | 'processingMs'>,
  prices: Prices,
): WireUsageAmounts {
  return {
    requests,
    audio_seconds: done.audio_ms / 1000,
    processing_seconds: processingMs / 1000,
    cost: rounded(COST_UNIT_NAMES.reduce((sum, unit) => sum + done[unit] * prices[unit], 0)),
    characters: done.characters,
  };
}

const rounded = (amount: number): number => Number(amount.toFixed(6));

const COLUMNS = ['day', 'key_id', 'name', 'requests', 'audio_seconds', 'processing_seconds', 'cost'] as const;

/** RFC 4180, with a line for each key and day. */
export function usageCsv({ days, currency }: WireUsageReport): string {
  const rows = days.map((day) => [...COLUMNS.map((column) => day[column] ?? ''), currency, day.characters ?? 0]);
  return [[...COLUMNS, 'currency', 'characters'], ...rows].map((row) => `${row.map(csvField).join(',')}\r\n`).join('');
}

function csvField(value: string | number): string {
  const text = String(value);
  // A spreadsheet takes a name that begins like this for a formula.
  const safe = typeof value === 'string' && /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

export function quotaView(state: QuotaState): WireQuota {
  const { name, unit, limit, used, reserved, resetsAtMs, warnedAtMs, reachedAtMs } = state;
  return {
    quota: name,
    ...(unit === 'audio_ms'
      ? { limit_minutes: toMinutes(limit), used_minutes: toMinutes(used), held_minutes: toMinutes(reserved) }
      : { limit_characters: limit, used_characters: used, held_characters: reserved }),
    resets_at: toIso(resetsAtMs),
    warned_at: toIsoOrNull(warnedAtMs),
    reached_at: toIsoOrNull(reachedAtMs),
  };
}
