import { periodsAt } from '@sotto/queue';
import { z } from 'zod';
import { invalidParameter } from '../http/invalid-parameter.ts';

export interface UsageRange {
  /** Days of UTC, both included. */
  from: string;
  to: string;
}

const DEFAULT_DAYS = 30;
const MAX_DAYS = 400;
const DAY_MS = 86_400_000;

export const rangeQuery = z.strictObject({
  from: z.iso.date().optional().meta({ description: 'First day (UTC). Default: 30 days up to `to`.' }),
  to: z.iso.date().optional().meta({ description: 'Last day (UTC). Default: today.' }),
});

/** @throws SottoError `invalid_parameter`. */
export function rangeOf({ from, to = periodsAt(Date.now()).day }: z.output<typeof rangeQuery>): UsageRange {
  const range: UsageRange = { to, from: from ?? periodsAt(Date.parse(to) - (DEFAULT_DAYS - 1) * DAY_MS).day };
  const days = (Date.parse(range.to) - Date.parse(range.from)) / DAY_MS + 1;
  if (days > 0 && days <= MAX_DAYS) return range;
  throw invalidParameter('from', `must be a day within ${MAX_DAYS} days before ${range.to}`);
}
