import * as n2words from 'n2words/it-IT';
import { romanValue } from '../numbers/roman.ts';
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
} from './italian-words.ts';

/** "un euro", "una sterlina". */
function cardinal(digits: string, gender?: Gender): string {
  const words = n2words.toCardinal(digits);
  if (!gender || words !== 'uno') return words;
  return gender === 'f' ? 'una' : 'un';
}

const say = (value: number): string => cardinal(String(value));

function ordinal(digits: string, gender: Gender = 'm'): string {
  const words = n2words.toOrdinal(digits);
  return gender === 'f' ? words.replace(/o$/, 'a') : words;
}

function date({ day, month, year }: CalendarDate): string {
  return `${day === 1 ? 'primo' : say(day)} ${MONTHS[month - 1]}${year === null ? '' : ` ${say(year)}`}`;
}

function time({ hours, minutes, seconds }: ClockTime): string {
  const hour = cardinal(String(hours), 'f');
  const tail = seconds ? ` e ${cardinal(String(seconds), 'm')} ${seconds === 1 ? 'secondo' : 'secondi'}` : '';
  if (minutes === 0 && !tail) return `${hour} in punto`;
  return `${hour} e ${say(minutes)}${tail}`;
}

const FRACTIONS: Record<number, string> = { 2: 'mezzo' };

function fraction(numerator: number, denominator: number): string | null {
  if (numerator >= denominator || denominator > 100 || denominator < 2) return null;
  const part = FRACTIONS[denominator] ?? n2words.toOrdinal(denominator);
  if (denominator === 2) return part;
  return `${cardinal(String(numerator), 'm')} ${numerator === 1 ? part : part.replace(/o$/, 'i')}`;
}

const OWN_RULES: readonly Rule[] = [
  {
    name: 'one of a noun',
    pattern: /(?<![\p{L}\p{N}_.,:/-])1(?= \p{Ll}{3})/gu,
    say: ({ input, index }) => (MONTHS.some((month) => input.startsWith(month, index + 2)) ? null : 'un'),
  },
  {
    name: 'ordinal with the sign of degrees',
    pattern: /(?<![\p{L}\p{N}_.,])([1-9]\d?)°(?= \p{Ll}{4})/gu,
    say: ([, digits = '']) => ordinal(digits),
  },
  {
    name: 'century',
    pattern: /(?<![\p{L}\p{N}_])([IVX]{1,6})(?= secolo(?!\p{L}))/gu,
    say: ([, numeral = '']) => (romanValue(numeral) > 0 ? ordinal(String(romanValue(numeral))) : null),
  },
  {
    name: 'time with a stop',
    pattern: /(?<=(?<!\p{L})(?:ore|alle) )(\d{1,2})\.(\d{2})(?![\d\p{L}]|[.,]\d)/giu,
    say: ([, hours, minutes]) =>
      Number(hours) <= 24 && Number(minutes) < 60
        ? time({ hours: Number(hours), minutes: Number(minutes), seconds: null, isHalfDay: false })
        : null,
  },
];

export const italian: Tongue = {
  decimal: ',',
  groups: '. ',
  isFractionSpelled: false,
  isDayFirst: true,
  cardinal,
  ordinal,
  year: say,
  date,
  time,
  fraction,
  months: MONTHS,
  monthAbbreviations: MONTH_ABBREVIATIONS,
  currencies: CURRENCIES,
  magnitudes: MAGNITUDES,
  afterMagnitude: (noun, magnitude) => (magnitude === 'mila' ? noun : `di ${noun}`),
  units: UNITS,
  signs: SIGNS,
  letters: {},
  abbreviations: ABBREVIATIONS,
  roman: { ...ROMAN, ofName: (value) => n2words.toOrdinal(value) },
  phones: [String.raw`3\d{2} \d{6,7}`, String.raw`3\d{2} \d{3} \d{4}`, String.raw`0\d{1,3} \d{5,8}`],
  emoji: EMOJI,
  ownRules: OWN_RULES,
};
