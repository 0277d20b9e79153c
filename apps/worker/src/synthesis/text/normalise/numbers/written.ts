import type { Gender, Tongue } from '../tongue.ts';

/** Of numbers of up to this many digits anybody knows the name. */
const MOST_DIGITS = 15;

/** A number with its groups and decimals, for a regular expression; without a sign. */
export function numberSource({ decimal, groups }: Tongue): string {
  const fraction = decimal === '.' ? '\\.\\d{1,10}' : '(?:,\\d{1,10}|\\.(?!\\d{3}(?!\\d))\\d{1,10})';
  return `(?:\\d{1,3}(?:[${groups}]\\d{3}){1,4}(?!\\d)|\\d{1,${MOST_DIGITS}}(?!\\d))(?:${fraction}(?!\\d))?`;
}

interface WrittenNumber {
  /** Digits without groups. */
  whole: string;
  /** Digits after the point; empty: none. */
  fraction: string;
}

/** @param written as `numberSource` finds it */
export function writtenNumber(written: string, { decimal }: Tongue): WrittenNumber {
  const point = written.lastIndexOf(decimal);
  const otherPoint = decimal === ',' && point < 0 && !/\.\d{3}$/.test(written) ? written.lastIndexOf('.') : point;
  const end = otherPoint < 0 ? written.length : otherPoint;
  return { whole: written.slice(0, end).replace(/\D/g, ''), fraction: written.slice(end + 1).replace(/\D/g, '') };
}

export function spokenNumber(written: string, tongue: Tongue, gender?: Gender): string {
  const { whole, fraction } = writtenNumber(written, tongue);
  if (fraction === '') return spokenWhole(whole, tongue, gender);
  return `${spokenWhole(whole, tongue)} ${tongue.signs.point} ${spokenFraction(fraction, tongue)}`;
}

/** A code or one of many digits has no name: its digits are said. */
function spokenWhole(digits: string, tongue: Tongue, gender?: Gender): string {
  if (digits.length > MOST_DIGITS || /^0\d/.test(digits)) return spokenDigits(digits, tongue);
  return tongue.cardinal(digits, gender);
}

function spokenFraction(digits: string, tongue: Tongue): string {
  if (tongue.isFractionSpelled || digits.length > 3 || digits.startsWith('0')) return spokenDigits(digits, tongue);
  return tongue.cardinal(digits);
}

/** One by one. @param text other characters of it are left out */
export const spokenDigits = (text: string, tongue: Tongue): string =>
  Array.from(text.matchAll(/\d/g), ([digit]) => tongue.cardinal(digit)).join(' ');

/** A number is one only where nothing else is counted. */
export const isOne = (written: string): boolean => written === '1';
