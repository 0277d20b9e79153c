import { SottoError, toIso, toMinutes } from '@sotto/contracts';
import type { CostUnit } from '../catalog/costs.ts';
import { periodsAt } from './usage-period.ts';

export const QUOTA_NAMES = ['day', 'month'] as const;
export type QuotaName = (typeof QUOTA_NAMES)[number];

/** What scripts report of a quota that does not have enough left; amounts are in `unit`. */
export interface SpentQuota {
  name: QuotaName;
  unit: CostUnit;
  limit: number;
  used: number;
  /** Expected cost of accepted runs whose cost is not known yet; some of it may be given back. */
  reserved: number;
}

/** Nothing is used up yet: some of what is reserved may be given back once the costs of earlier runs are known. */
const RESERVED_RETRY_SECONDS = 10;

/** How an amount of each unit is shown, and what the fields of the error are called. */
const WORDING: Record<CostUnit, { shown(amount: number): number; noun: string; fieldSuffix: string }> = {
  audio_ms: { shown: toMinutes, noun: 'minutes', fieldSuffix: '_minutes' },
  characters: { shown: (count) => count, noun: 'characters', fieldSuffix: '_characters' },
};

/** `cost`: of a run that costs more than is left. null: nothing is left for any. */
export function quotaExceeded(quota: SpentQuota, nowMs: number, cost: number | null = null): SottoError {
  const { name, unit, limit, used, reserved } = quota;
  const { dayEndsAtMs, monthEndsAtMs } = periodsAt(nowMs);
  const resetsAtMs = name === 'day' ? dayEndsAtMs : monthEndsAtMs;
  const resetSeconds = Math.max(1, Math.ceil((resetsAtMs - nowMs) / 1000));
  const isUsed = cost !== null || used >= limit;
  const { shown, noun, fieldSuffix } = WORDING[unit];
  const state = `${shown(used)} of ${shown(limit)} ${noun} of this ${name} (UTC) are used`;
  return new SottoError('quota_exceeded', `${state}${reason(quota, cost)}.`, {
    fields: {
      quota: name,
      [`limit${fieldSuffix}`]: shown(limit),
      [`used${fieldSuffix}`]: shown(used),
      [`held${fieldSuffix}`]: shown(reserved),
      resets_at: toIso(resetsAtMs),
    },
    retryAfterSeconds: isUsed ? resetSeconds : Math.min(resetSeconds, RESERVED_RETRY_SECONDS),
  });
}

function reason({ unit, used, limit }: SpentQuota, cost: number | null): string {
  const isAudio = unit === 'audio_ms';
  if (cost !== null) return `; ${isAudio ? 'the recording' : 'this text'} has ${WORDING[unit].shown(cost)}`;
  if (used >= limit) return '';
  return `, and ${isAudio ? 'recordings that are not decoded yet' : 'work that has not begun'} may take the rest`;
}
