import * as gb from 'n2words/en-GB';
import * as us from 'n2words/en-US';
import type { Rule } from '../rule.ts';
import type { CalendarDate, ClockTime, Tongue } from '../tongue.ts';
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
} from './english-words.ts';

const say = (value: number): string => us.toCardinal(value);

/** "nineteen eighty-four", "two thousand five", "nineteen oh five". */
function year(value: number): string {
  const [century, rest] = [Math.floor(value / 100), value % 100];
  if (value < 1100 || (value >= 2000 && value < 2010) || value > 2999) return say(value);
  if (rest === 0) return value % 1000 === 0 ? say(value) : `${say(century)} hundred`;
  return `${say(century)} ${rest < 10 ? `oh ${say(rest)}` : say(rest)}`;
}

function time({ hours, minutes, seconds, isHalfDay }: ClockTime): string {
  const tail = !seconds ? '' : ` and ${say(seconds)} ${seconds === 1 ? 'second' : 'seconds'}`;
  if (minutes > 0 || seconds) return `${say(hours)} ${minutes < 10 ? `oh ${say(minutes)}` : say(minutes)}${tail}`;
  if (isHalfDay) return say(hours);
  if (hours === 0 || hours === 24) return 'midnight';
  return hours <= 12 ? `${say(hours)} o'clock` : `${say(hours)} hundred`;
}

const nthOf = (value: number): string => us.toOrdinal(value);
const inYear = (value: number | null): string => (value === null ? '' : `, ${year(value)}`);

const AFTER_THE = /\bthe\s$/i;

function dateInAmerica(date: CalendarDate, before: string): string {
  if (AFTER_THE.test(before)) return dateInBritain(date, before);
  return `${MONTHS[date.month - 1]} ${nthOf(date.day)}${inYear(date.year)}`;
}

function dateInBritain({ day, month, year: inThe }: CalendarDate, before: string): string {
  const the = AFTER_THE.test(before) ? '' : 'the ';
  return `${the}${nthOf(day)} of ${MONTHS[month - 1]}${inYear(inThe)}`;
}

const FRACTIONS: Record<number, readonly [string, string]> = { 2: ['half', 'halves'], 4: ['quarter', 'quarters'] };

function fraction(numerator: number, denominator: number): string | null {
  if (numerator === 9 && denominator === 11) return 'nine eleven';
  if (numerator === 24 && denominator === 7) return 'twenty-four seven';
  if (numerator >= denominator || denominator > 100) return null;
  const nth = nthOf(denominator);
  const [one, many] = FRACTIONS[denominator] ?? [nth, `${nth}s`];
  return `${say(numerator)} ${numerator === 1 ? one : many}`;
}

const plural = (words: string): string => (words.endsWith('y') ? `${words.slice(0, -1)}ies` : `${words}s`);

const START = String.raw`(?<![\p{L}\p{N}_])`;

const OWN_RULES: readonly Rule[] = [
  {
    name: 'decade',
    pattern: /(?<![\p{L}\p{N}_])(1[1-9]|20)([0-9])0['’]?s(?![\p{L}\p{N}_])/gu,
    say: ([, century, decade]) => plural(year(Number(`${century}${decade}0`))),
  },
  {
    name: 'short decade',
    pattern: /(?<![\p{L}\p{N}_])['’]?([2-9]0)['’]?s(?![\p{L}\p{N}_])/gu,
    say: ([, decade]) => plural(say(Number(decade))),
  },
  {
    name: 'half of a day',
    pattern: /(?<=\d) ?([ap])m(?![\p{L}\p{N}_])/giu,
    say: ([, half = '']) => ` ${half.toUpperCase()}M`,
  },
  {
    name: 'hour of half a day',
    pattern: /(?<![\p{L}\p{N}_.,:])(\d{1,2})(?= ?[ap]\.?m(?![\p{L}\p{N}_]))/giu,
    say: ([, hours]) => say(Number(hours)),
  },
  {
    name: 'emergency number',
    pattern: /(?<![\p{L}\p{N}_.,$€£])(?<=(?:call|dial|phone|ring) )(911|999|112)(?![\p{L}\p{N}_])/giu,
    say: ([digits]) => [...digits].map((digit) => say(Number(digit))).join(' '),
  },
  {
    name: 'feet and inches',
    pattern: /(?<![\p{L}\p{N}_])(\d)['’′](\d{1,2})["”″]/gu,
    say: ([, feet, inches]) => `${say(Number(feet))} foot ${say(Number(inches))}`,
  },
  {
    name: 'programming language',
    pattern: /(?<=(?<![\p{L}\p{N}_])[CF])#(?![\p{L}\p{N}_])/gu,
    say: () => ' sharp',
  },
  {
    name: 'name with a dot',
    pattern: /(?<![\p{L}\p{N}_.)])\.(?=\p{Lu}{2})/gu,
    say: () => 'dot ',
  },
  {
    name: 'street',
    pattern: /(?<=\p{Lu}\p{Ll}{1,20} )(St|Rd)\.(?! \p{Lu}\p{Ll})/gu,
    say: ([, kind]) => (kind === 'St' ? 'Street' : 'Road'),
  },
  {
    name: 'saint',
    pattern: new RegExp(`${START}St\\.(?= \\p{Lu})`, 'gu'),
    say: () => 'Saint',
  },
];

const PHONES = [
  String.raw`(?:1[- .])?\(\d{3}\) ?\d{3}[-. ]\d{4}`,
  String.raw`(?:1[-.])?\d{3}[-.]\d{3}[-.]\d{4}`,
  String.raw`\d{3}-\d{4}`,
];

/** The months of Americans come first in a date; everybody else says "and" within numbers as well. */
export function english(isAmerican: boolean): Tongue {
  const numbers = isAmerican ? us : gb;
  return {
    decimal: '.',
    groups: ',',
    isFractionSpelled: true,
    isDayFirst: !isAmerican,
    cardinal: (digits) => numbers.toCardinal(digits),
    ordinal: (digits) => numbers.toOrdinal(digits),
    year,
    time,
    date: isAmerican ? dateInAmerica : dateInBritain,
    fraction,
    months: MONTHS,
    monthAbbreviations: MONTH_ABBREVIATIONS,
    currencies: CURRENCIES,
    magnitudes: MAGNITUDES,
    afterMagnitude: (noun) => noun,
    units: UNITS,
    signs: SIGNS,
    letters: { A: 'eigh' },
    abbreviations: ABBREVIATIONS,
    roman: { ...ROMAN, ofName: (value) => `the ${nthOf(value)}` },
    phones: PHONES,
    emoji: EMOJI,
    ownRules: OWN_RULES,
  };
}
