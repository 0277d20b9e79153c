import * as n2words from 'n2words/de-DE';
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
} from './german-words.ts';

/** "eins" counts; before a noun it is "ein" or "eine". The library has the English word for nothing at all. */
function cardinal(digits: string, gender?: Gender): string {
  const words = n2words.toCardinal(digits);
  if (!gender || !words.endsWith('eins')) return words;
  return words.replace(/eins$/, gender === 'f' && words === 'eins' ? 'eine' : 'ein');
}

const say = (value: number): string => cardinal(String(value));

/** "neunzehnhundertvierundachtzig". */
function year(value: number): string {
  if (value < 1100 || value >= 2000) return say(value);
  const rest = value % 100;
  return `${say(Math.floor(value / 100))}hundert${rest === 0 ? '' : say(rest)}`;
}

/** Words after which a date or an ordinal ends in -n. */
const DATIVE = /(?:^|[^\p{L}])(?:am|vom|zum|beim|im|dem|den|des|seit|bis zum)\s$/iu;

function date({ day, month, year: inThe }: CalendarDate, before: string): string {
  const nth = n2words.toOrdinal(day);
  const ending = DATIVE.test(before) ? 'n' : /(?:^|[^\p{L}])(?:der|die)\s$/iu.test(before) ? '' : 'r';
  return `${nth}${ending} ${MONTHS[month - 1]}${inThe === null ? '' : ` ${year(inThe)}`}`;
}

function time({ hours, minutes, seconds }: ClockTime): string {
  const tail = seconds ? ` und ${cardinal(String(seconds), 'f')} ${seconds === 1 ? 'Sekunde' : 'Sekunden'}` : '';
  return `${cardinal(String(hours), 'm')} Uhr${minutes > 0 || tail ? ` ${say(minutes)}` : ''}${tail}`;
}

const FRACTIONS: Record<number, string> = { 3: 'drittel', 4: 'viertel', 7: 'siebtel', 8: 'achtel' };

function fraction(numerator: number, denominator: number): string | null {
  if (numerator === 1 && denominator === 2) return 'ein halb';
  if (numerator >= denominator || denominator > 100 || denominator < 3) return null;
  const part = FRACTIONS[denominator] ?? `${say(denominator)}${denominator < 20 ? 'tel' : 'stel'}`;
  return `${cardinal(String(numerator), 'n')} ${part}`;
}

const OWN_RULES: readonly Rule[] = [
  {
    name: 'ordinal after an article',
    pattern:
      /(?<=(?<!\p{L})(der|die|das|dem|den|des|am|im|vom|zum|zur|beim|jeder|jede|jedes) )(\d{1,3})\.(?= \p{L})/giu,
    say: ([, article = '', digits = '']) => {
      const nth = n2words.toOrdinal(digits);
      return Number(digits) > 0 ? `${nth}${/^(der|die|das|jede)$/i.test(article) ? '' : 'n'}` : null;
    },
  },
  {
    name: 'one of a noun',
    pattern: /(?<![\p{L}\p{N}_.,:/-])1(?= \p{Lu}\p{Ll})(?! Uhr)/gu,
    say: ({ input, index }) => (isMonth(input.slice(index + 2, index + 12)) ? null : 'ein'),
  },
  {
    name: 'street',
    pattern: /(?<=\p{Ll})str\.(?=[\s,;)]|$)/gu,
    say: () => 'straße',
  },
  {
    name: 'decade',
    pattern: /(?<![\p{L}\p{N}_])(1[1-9]\d0|[2-9]0)er(?![\p{L}\p{N}_])/gu,
    say: ([, digits]) => `${year(Number(digits))}er`,
  },
  {
    name: 'day and month in figures',
    pattern: /(?<![\p{L}\p{N}_.])(\d{1,2})\. ?(\d{1,2})\.(?! ?\d|\p{L})/gu,
    say: ({ input, index, 1: day, 2: month }) =>
      isDay(Number(day), Number(month))
        ? date({ day: Number(day), month: Number(month), year: null }, input.slice(Math.max(0, index - 12), index))
        : null,
  },
  {
    name: 'time with a stop',
    pattern: /(?<![\p{L}\p{N}_.,])(\d{1,2})\.(\d{2}) Uhr(?!\p{L})/gu,
    say: ([, hours, minutes]) =>
      Number(hours) <= 24 && Number(minutes) < 60
        ? time({ hours: Number(hours), minutes: Number(minutes), seconds: null, isHalfDay: false })
        : null,
  },
];

const isMonth = (text: string): boolean => MONTHS.some((month) => text.startsWith(month));

const isDay = (day: number, month: number): boolean => day >= 1 && day <= 31 && month >= 1 && month <= 12;

export const german: Tongue = {
  decimal: ',',
  groups: '.',
  isFractionSpelled: true,
  isDayFirst: true,
  cardinal,
  ordinal: (digits) => n2words.toOrdinal(digits),
  year,
  date,
  time,
  fraction,
  months: MONTHS,
  monthAbbreviations: MONTH_ABBREVIATIONS,
  currencies: CURRENCIES,
  magnitudes: MAGNITUDES,
  afterMagnitude: (noun) => noun,
  units: UNITS,
  signs: SIGNS,
  letters: {},
  abbreviations: ABBREVIATIONS,
  roman: { ...ROMAN, ofName: (value) => `der ${n2words.toOrdinal(value)}` },
  phones: [String.raw`0\d{2,4}[ /-]\d{3,8}(?: \d{2,8}){0,3}`],
  emoji: EMOJI,
  ownRules: OWN_RULES,
};
