/** The day and the month (UTC) that a moment belongs to. */
export interface UsagePeriods {
  /** `2026-11-21` */
  day: string;
  dayEndsAtMs: number;
  /** `2026-11` */
  month: string;
  monthEndsAtMs: number;
}

export const DAY_MS = 86_400_000;

export function periodsAt(atMs: number): UsagePeriods {
  const at = new Date(atMs);
  const day = at.toISOString().slice(0, 10);
  return {
    day,
    month: day.slice(0, 7),
    dayEndsAtMs: Date.parse(day) + DAY_MS,
    monthEndsAtMs: Date.UTC(at.getUTCFullYear(), at.getUTCMonth() + 1, 1),
  };
}

/** Days from the first to the last, inclusive; empty when the last is before the first. */
export function daysBetween(first: string, last: string): string[] {
  const days: string[] = [];
  for (let at = Date.parse(first); at <= Date.parse(last); at += DAY_MS)
    days.push(new Date(at).toISOString().slice(0, 10));
  return days;
}
