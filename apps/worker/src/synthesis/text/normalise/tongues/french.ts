import * as n2words from 'n2words/fr-FR';
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
} from './french-words.ts';

/** "vingt et une heures". */
function cardinal(digits: string, gender?: Gender): string {
  const words = n2words.toCardinal(digits);
  return gender === 'f' ? words.replace(/(?<!\p{L})un$/u, 'une') : words;
}

const say = (value: number): string => cardinal(String(value));

function ordinal(digits: string, gender: Gender = 'm'): string {
  const words = n2words.toOrdinal(digits);
  return gender === 'f' && words === 'premier' ? 'première' : words;
}

function date({ day, month, year }: CalendarDate): string {
  return `${day === 1 ? 'premier' : say(day)} ${MONTHS[month - 1]}${year === null ? '' : ` ${say(year)}`}`;
}

function time({ hours, minutes, seconds }: ClockTime): string {
  const tail = seconds ? ` et ${cardinal(String(seconds), 'f')} ${seconds === 1 ? 'seconde' : 'secondes'}` : '';
  const hour = `${cardinal(String(hours), 'f')} ${hours < 2 ? 'heure' : 'heures'}`;
  return `${hour}${minutes > 0 || tail ? ` ${cardinal(String(minutes), 'f')}` : ''}${tail}`;
}

const FRACTIONS: Record<number, readonly [string, string]> = { 3: ['tiers', 'tiers'], 4: ['quart', 'quarts'] };

function fraction(numerator: number, denominator: number): string | null {
  if (numerator === 1 && denominator === 2) return 'un demi';
  if (numerator >= denominator || denominator > 100 || denominator < 3) return null;
  const nth = n2words.toOrdinal(denominator);
  const [one, many] = FRACTIONS[denominator] ?? [nth, `${nth}s`];
  return `${say(numerator)} ${numerator === 1 ? one : many}`;
}

const OWN_RULES: readonly Rule[] = [
  {
    name: 'Roman ordinal',
    pattern: /(?<![\p{L}\p{N}_])([IVX][IVXL]{0,6})(ers?|re|ère|e|ème)(?![\p{L}\p{N}_])/gu,
    say: ([, numeral = '', end = '']) => {
      const value = romanValue(numeral);
      return value === 0 ? null : ordinal(String(value), end === 're' || end === 'ère' ? 'f' : 'm');
    },
  },
];

/** "millions d’euros", "millions de dollars". */
const afterMagnitude = (noun: string): string =>
  /^[aeéiouy]/.test(noun) && noun !== 'yens' ? `d’${noun}` : `de ${noun}`;

export const french: Tongue = {
  decimal: ',',
  groups: ' .',
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
  afterMagnitude,
  units: UNITS,
  signs: SIGNS,
  letters: {},
  abbreviations: ABBREVIATIONS,
  roman: { ...ROMAN, ofName: say },
  phones: [String.raw`0\d(?:[ .-]\d{2}){4}`],
  emoji: EMOJI,
  ownRules: OWN_RULES,
};
