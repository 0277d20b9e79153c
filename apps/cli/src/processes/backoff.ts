const FIRST_DELAY_MS = 500;
const LONGEST_DELAY_MS = 30_000;
/** A process that ran this long was well: its next crash counts as the first again. */
const WELL_AFTER_MS = 60_000;

export interface Crashes {
  inARow: number;
  delayMs: number;
}

/** How long to wait before the next start: 0.5 s, doubled with each crash in a row, at most 30 s. */
export function afterCrash(before: number, uptimeMs: number): Crashes {
  const inARow = uptimeMs >= WELL_AFTER_MS ? 1 : before + 1;
  return { inARow, delayMs: Math.min(FIRST_DELAY_MS * 2 ** (inARow - 1), LONGEST_DELAY_MS) };
}
