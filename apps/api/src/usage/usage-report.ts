import {
  toIso,
  toIsoOrNull,
  toMinutes,
  type WireQuota,
  type WireUsageAmounts,
  type WireUsageDay,
  type WireUsageReport,
} from '@sotto/contracts';
import type { QuotaState, UsageDay } from '@sotto/queue';
import type { Price } from '../settings/settings.ts';

export interface UsageRange {
  /** Days of UTC, both included. */
  from: string;
  to: string;
}

/** `names`: of keys, by id. */
export function usageReport(
  { from, to }: UsageRange,
  used: readonly UsageDay[],
  { perAudioMinute, currency }: Price,
  names: ReadonlyMap<string, string>,
): WireUsageReport {
  const days = used.map(
    (one): WireUsageDay => ({
      day: one.day,
      key_id: one.keyId,
      name: one.keyId === null ? null : (names.get(one.keyId) ?? one.keyId),
      ...amountsOf(one, perAudioMinute),
    }),
  );
  const sum = (field: 'requests' | 'audioMs' | 'processingMs') => used.reduce((all, one) => all + one[field], 0);
  const all = { requests: sum('requests'), audioMs: sum('audioMs'), processingMs: sum('processingMs') };
  const total = amountsOf(all, perAudioMinute);
  return { from, to, currency, price_per_audio_minute: perAudioMinute, days, total };
}

function amountsOf(
  { requests, audioMs, processingMs }: Pick<UsageDay, 'requests' | 'audioMs' | 'processingMs'>,
  perAudioMinute: number,
): WireUsageAmounts {
  return {
    requests,
    audio_seconds: audioMs / 1000,
    processing_seconds: processingMs / 1000,
    cost: rounded((audioMs / 60_000) * perAudioMinute),
  };
}

const rounded = (amount: number): number => Number(amount.toFixed(6));

const COLUMNS = ['day', 'key_id', 'name', 'requests', 'audio_seconds', 'processing_seconds', 'cost'] as const;

/** RFC 4180, with a line for each key and day. */
export function usageCsv({ days, currency }: WireUsageReport): string {
  const rows = days.map((day) => [...COLUMNS.map((column) => day[column] ?? ''), currency]);
  return [[...COLUMNS, 'currency'], ...rows].map((row) => `${row.map(csvField).join(',')}\r\n`).join('');
}

function csvField(value: string | number): string {
  const text = String(value);
  // A spreadsheet takes a name that begins like this for a formula.
  const safe = typeof value === 'string' && /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

export function quotaView(state: QuotaState): WireQuota {
  const { name, limitMs, usedMs, heldMs, resetsAtMs, warnedAtMs, reachedAtMs } = state;
  return {
    quota: name,
    limit_minutes: toMinutes(limitMs),
    used_minutes: toMinutes(usedMs),
    held_minutes: toMinutes(heldMs),
    resets_at: toIso(resetsAtMs),
    warned_at: toIsoOrNull(warnedAtMs),
    reached_at: toIsoOrNull(reachedAtMs),
  };
}
