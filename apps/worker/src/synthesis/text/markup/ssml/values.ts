import { PAUSES } from '../../script/pauses.ts';

/** No silence is longer. */
const LONGEST_BREAK_MS = 10_000;

const STRENGTHS: ReadonlyMap<string, number> = new Map([
  ['none', 0],
  ['x-weak', PAUSES.word],
  ['weak', PAUSES.clause],
  ['medium', PAUSES.sentence],
  ['strong', PAUSES.paragraph],
  ['x-strong', PAUSES.beforeHeading],
]);

const RATES: ReadonlyMap<string, number> = new Map([
  ['x-slow', 0.5],
  ['slow', 0.75],
  ['medium', 1],
  ['default', 1],
  ['fast', 1.25],
  ['x-fast', 1.5],
]);

/** @returns milliseconds; null: neither attribute can be read */
export function breakMs({ time, strength }: Readonly<Record<string, string>>): number | null {
  if (time === undefined) return STRENGTHS.get(strength ?? 'medium') ?? null;
  const [, amount, unit] = /^\+?(\d{1,6}(?:\.\d{1,6})?)(ms|s)$/.exec(time.trim()) ?? [];
  if (amount === undefined) return null;
  return Math.min(LONGEST_BREAK_MS, Math.round(Number(amount) * (unit === 's' ? 1000 : 1)));
}

/** @returns a factor; null: it cannot be read, or nobody speaks so */
export function rateFactor(rate: string): number | null {
  const named = RATES.get(rate.trim());
  if (named !== undefined) return named;
  const [, sign, amount, percent] = /^([+-]?)(\d{1,4}(?:\.\d{1,4})?)(%?)$/.exec(rate.trim()) ?? [];
  if (amount === undefined || (sign !== '' && percent === '')) return null;
  const value = percent === '' ? Number(amount) : Number(amount) / 100;
  const factor = sign === '+' ? 1 + value : sign === '-' ? 1 - value : value;
  return factor >= 0.1 && factor <= 10 ? factor : null;
}

export function languageTag(tag: string): string | null {
  try {
    return Intl.getCanonicalLocales(tag)[0] ?? null;
  } catch {
    return null;
  }
}
