import { SottoError, toIso, toMinutes } from '@sotto/contracts';
import { periodsAt } from './usage-period.ts';

export const QUOTA_NAMES = ['day', 'month'] as const;
export type QuotaName = (typeof QUOTA_NAMES)[number];

/** What scripts tell of a quota that has not enough left. */
export interface SpentQuota {
  name: QuotaName;
  limitMs: number;
  usedMs: number;
  /** Of recordings that are accepted and not decoded yet; some of it may come back. */
  heldMs: number;
}

/** Nothing is used up yet: what is held may be given back when the recordings before are decoded. */
const HELD_RETRY_SECONDS = 10;

/** `durationMs`: of a recording that is longer than what is left. null: nothing is left for any. */
export function quotaExceeded(quota: SpentQuota, nowMs: number, durationMs: number | null = null): SottoError {
  const { name, limitMs, usedMs, heldMs } = quota;
  const { dayEndsAtMs, monthEndsAtMs } = periodsAt(nowMs);
  const resetsAtMs = name === 'day' ? dayEndsAtMs : monthEndsAtMs;
  const resetSeconds = Math.max(1, Math.ceil((resetsAtMs - nowMs) / 1000));
  const isUsed = durationMs !== null || usedMs >= limitMs;
  const state = `${toMinutes(usedMs)} of ${toMinutes(limitMs)} minutes of this ${name} (UTC) are used`;
  const why =
    durationMs === null
      ? isUsed
        ? ''
        : ', and recordings that are not decoded yet may take the rest'
      : `; the recording has ${toMinutes(durationMs)}`;
  return new SottoError('quota_exceeded', `${state}${why}.`, {
    fields: {
      ...{
        quota: name,
        limit_minutes: toMinutes(limitMs),
        used_minutes: toMinutes(usedMs),
        held_minutes: toMinutes(heldMs),
      },
      resets_at: toIso(resetsAtMs),
    },
    retryAfterSeconds: isUsed ? resetSeconds : Math.min(resetSeconds, HELD_RETRY_SECONDS),
  });
}
