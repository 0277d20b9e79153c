import { InvalidArgumentError } from 'commander';

const UNIT_MS: Record<string, number> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };
/** Longer, a timer of Node's would end at once. */
const LONGEST_MS = 24 * 86_400_000;

/** `90s`, `30m`, `6h`, `1d` in milliseconds. */
export function duration(text: string): number {
  const [, digits = '', unit = ''] = /^([1-9]\d{0,6})([smhd])$/.exec(text) ?? [];
  const ms = Number(digits) * (UNIT_MS[unit] ?? 0);
  if (ms > 0 && ms <= LONGEST_MS) return ms;
  throw new InvalidArgumentError('It must be a number with a unit, such as 30m, 6h or 1d; at most 24d.');
}
