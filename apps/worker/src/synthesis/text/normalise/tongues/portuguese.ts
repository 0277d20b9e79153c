import * as n2words from 'n2words/pt-PT';
import type { CalendarDate, ClockTime, Gender, Tongue } from '../tongue.ts';
import {
  ABBREVIATIONS,
  CURRENCIES,
  EMOJI,
  MAGNITUDES,
  MONTH_ABBREVIATIONS,
  MONTHS,
  ROMAN,
  SIGNS,
  UNITS,
} from './portuguese-words.ts';

/** The library counts as in Portugal. */
const IN_BRAZIL: readonly (readonly [RegExp, string])[] = [
  [/dezasseis/g, 'dezesseis'],
  [/dezassete/g, 'dezessete'],
  [/dezanove/g, 'dezenove'],
];

/** "vinte e uma horas", "duas horas". */
function agreed(words: string, gender?: Gender): string {
  if (gender !== 'f') return words;
  return words.replace(/(?<!\p{L})um$/u, 'uma').replace(/(?<!\p{L})dois$/u, 'duas');
}

const FRACTIONS: Record<number, string> = { 2: 'meio', 3: 'terço' };

/** @param isBrazilian numbers and telephones as in Brazil; else as in Portugal */
export function portuguese(isBrazilian: boolean): Tongue {
  const counted = (digits: string) => {
    const words = n2words.toCardinal(digits);
    return isBrazilian ? IN_BRAZIL.reduce((said, [here, there]) => said.replace(here, there), words) : words;
  };
  const cardinal = (digits: string, gender?: Gender) => agreed(counted(digits), gender);
  const say = (value: number) => cardinal(String(value));
  return {
    decimal: ',',
    groups: '. ',
    isFractionSpelled: false,
    isDayFirst: true,
    cardinal,
    ordinal,
    year: say,
    date: ({ day, month, year }: CalendarDate) =>
      `${day === 1 ? 'primeiro' : say(day)} de ${MONTHS[month - 1]}${year === null ? '' : ` de ${say(year)}`}`,
    time: (time) => spokenTime(time, cardinal),
    fraction: (numerator, denominator) => fraction(numerator, denominator, say),
    months: MONTHS,
    monthAbbreviations: MONTH_ABBREVIATIONS,
    currencies: CURRENCIES,
    magnitudes: MAGNITUDES,
    afterMagnitude: (noun, magnitude) => (magnitude === 'mil' ? noun : `de ${noun}`),
    units: UNITS,
    signs: SIGNS,
    letters: {},
    abbreviations: ABBREVIATIONS,
    roman: { ...ROMAN, ofName: (value) => (value <= 10 ? n2words.toOrdinal(value) : say(value)) },
    phones: [String.raw`\(\d{2}\) ?9?\d{4}-\d{4}`, String.raw`9?\d{4}-\d{4}`, String.raw`[29]\d{2} \d{3} \d{3}`],
    emoji: EMOJI,
    ownRules: [],
  };
}

function ordinal(digits: string, gender: Gender = 'm'): string {
  const words = n2words.toOrdinal(digits);
  return gender === 'f' ? words.replace(/o(?!\p{L})/gu, 'a') : words;
}

function spokenTime({ hours, minutes, seconds }: ClockTime, cardinal: Tongue['cardinal']): string {
  const hour = cardinal(String(hours), 'f');
  const tail = seconds ? ` e ${cardinal(String(seconds), 'm')} ${seconds === 1 ? 'segundo' : 'segundos'}` : '';
  if (minutes === 0 && !tail) return `${hour} ${hours === 1 ? 'hora' : 'horas'}`;
  return `${hour} e ${cardinal(String(minutes))}${tail}`;
}

function fraction(numerator: number, denominator: number, say: (value: number) => string): string | null {
  if (numerator >= denominator || denominator > 10 || denominator < 2) return null;
  const part = FRACTIONS[denominator] ?? n2words.toOrdinal(denominator);
  if (denominator === 2) return part;
  return `${say(numerator)} ${part}${numerator === 1 ? '' : 's'}`;
}
