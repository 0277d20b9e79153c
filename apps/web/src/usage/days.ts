/** A value for each day, and how both are written. */
export interface DaySeries {
  /** Of UTC, as `2026-11-21`. */
  days: readonly { day: string; value: number }[];
  dayText: (day: string) => string;
  valueText: (value: number) => string;
}

const DAY_MS = 86_400_000;

/** So many days of UTC up to today, as `2026-11-21`, oldest first. */
export function lastDays(count: number, nowMs = Date.now()): string[] {
  return Array.from({ length: count }, (_, index) =>
    new Date(nowMs - (count - 1 - index) * DAY_MS).toISOString().slice(0, 10),
  );
}

/** The sum of each day; 0 for those without anything. */
export function sumsByDay<T extends { day: string }>(
  days: readonly string[],
  rows: readonly T[],
  read: (row: T) => number,
) {
  const sums = new Map<string, number>();
  for (const row of rows) sums.set(row.day, (sums.get(row.day) ?? 0) + read(row));
  return days.map((day) => ({ day, value: sums.get(day) ?? 0 }));
}
