import * as n2words from 'n2words/es-ES';
import type { Rule } from '../rule.ts';
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
} from './spanish-words.ts';

/** "veintiuno" counts; "veintiún euros", "veintiuna horas". */
function cardinal(digits: string, gender?: Gender): string {
  const words = n2words.toCardinal(digits, { gender: gender === 'f' ? 'feminine' : 'masculine' });
  return gender === 'm' ? words.replace(/veintiuno$/, 'veintiún').replace(/(?<!\p{L})uno$/u, 'un') : words;
}

const say = (value: number): string => cardinal(String(value));
const hour = (value: number): string => cardinal(String(value), 'f');

function date({ day, month, year }: CalendarDate): string {
  return `${day === 1 ? 'primero' : say(day)} de ${MONTHS[month - 1]}${year === null ? '' : ` de ${say(year)}`}`;
}

function time({ hours, minutes, seconds }: ClockTime): string {
  const tail = seconds ? ` y ${cardinal(String(seconds), 'm')} ${seconds === 1 ? 'segundo' : 'segundos'}` : '';
  if (minutes === 0 && !tail) return `${hour(hours)} en punto`;
  return `${hour(hours)} y ${say(minutes)}${tail}`;
}

const FRACTIONS: Record<number, string> = { 2: 'medio', 3: 'tercio' };

function fraction(numerator: number, denominator: number): string | null {
  if (numerator >= denominator || denominator > 10 || denominator < 2) return null;
  const part = FRACTIONS[denominator] ?? n2words.toOrdinal(denominator);
  if (denominator === 2) return part;
  return `${cardinal(String(numerator), 'm')} ${part}${numerator === 1 ? '' : 's'}`;
}

const OWN_RULES: readonly Rule[] = [
  {
    name: 'one of a noun',
    pattern:
      /(?<![\p{L}\p{N}_.,:/-])(1|21)(?= \p{Ll}{3})(?! (?:por|con|más|menos|que|los|las|del|para|entre)(?!\p{L}))/gu,
    say: ({ input, index, 1: digits = '' }) => (isMonth(input, index + digits.length) ? null : cardinal(digits, 'm')),
  },
];

/** "21 de mayo" is a date, "21 mayo" too. */
const isMonth = (input: string, index: number): boolean => MONTHS.some((month) => input.startsWith(month, index + 1));

export const spanish: Tongue = {
  decimal: ',',
  groups: '. ',
  isFractionSpelled: false,
  isDayFirst: true,
  cardinal,
  ordinal: (digits, gender) => n2words.toOrdinal(digits, { gender: gender === 'f' ? 'feminine' : 'masculine' }),
  year: say,
  date,
  time,
  fraction,
  months: MONTHS,
  monthAbbreviations: MONTH_ABBREVIATIONS,
  currencies: CURRENCIES,
  magnitudes: MAGNITUDES,
  afterMagnitude: (noun, magnitude) => (magnitude === 'mil' ? noun : `de ${noun}`),
  units: UNITS,
  signs: SIGNS,
  letters: { Y: 'i griega' },
  abbreviations: ABBREVIATIONS,
  roman: { ...ROMAN, ofName: (value) => (value <= 10 ? n2words.toOrdinal(value) : say(value)) },
  phones: [String.raw`[6-9]\d{2} \d{3} \d{3}`, String.raw`[6-9]\d{2} \d{2} \d{2} \d{2}`],
  emoji: EMOJI,
  ownRules: OWN_RULES,
};
