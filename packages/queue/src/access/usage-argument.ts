import { ANONYMOUS_KEY } from '../redis/keys/access.ts';
import type { Keys } from '../redis/keys.ts';
import type { Retention } from '../redis/settings.ts';
import { periodsAt } from './usage-period.ts';

/** Where what a key uses now is counted, as lua/attach.lua describes it. */
export function usageArgument(
  keys: Keys,
  { usageMs }: Pick<Retention, 'usageMs'>,
  keyId: string | null,
  nowMs: number,
) {
  const { day, month, dayEndsAtMs, monthEndsAtMs } = periodsAt(nowMs);
  const key = keyId ?? ANONYMOUS_KEY;
  return {
    stem: keys.access.usageStem,
    keys: keys.access.usageKeys(''),
    key,
    record: keys.access.apiKey(key),
    day,
    month,
    keepDayAtMs: dayEndsAtMs + usageMs,
    keepMonthAtMs: monthEndsAtMs + usageMs,
  };
}
