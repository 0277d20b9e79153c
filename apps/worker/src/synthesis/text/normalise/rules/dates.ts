import type { Rule } from '../rule.ts';
import type { CalendarDate, Tongue } from '../tongue.ts';
import { anyOf, pattern, START } from './source.ts';

/** How much of what stands before a date may matter to its words. */
const BEFORE = 12;

/** ISO dates, dates in figures in the order of the language, and dates with the name of the month. */
export function dateRules(tongue: Tongue): Rule[] {
  const months = monthNumbers(tongue);
  const month = anyOf(Object.keys(months));
  const say = (match: RegExpExecArray, date: CalendarDate): string | null =>
    isDate(date) ? tongue.date(date, match.input.slice(Math.max(0, match.index - BEFORE), match.index)) : null;
  const named = (match: RegExpExecArray, day = '', name = '', year = ''): string | null => {
    if (!isWrittenAsMonth(name, tongue)) return null;
    return say(match, {
      day: Number(day),
      month: months[name.toLowerCase()] ?? 0,
      year: year === '' ? null : Number(year),
    });
  };
  return [
    {
      name: 'ISO date',
      pattern: pattern(String.raw`${START}(\d{4})-(\d{2})-(\d{2})(?![\p{N}_-])(?:T(?=\d{2}:))?`),
      say: (match) => {
        const [whole, year, month, day] = match;
        const spoken = say(match, { year: Number(year), month: Number(month), day: Number(day) });
        return spoken === null || !whole.endsWith('T') ? spoken : `${spoken}, `;
      },
    },
    {
      name: 'date in figures',
      pattern: pattern(
        String.raw`${START}(?<!\d[./-])(\d{1,2})([./-]) ?(\d{1,2})\2 ?(\d{4}|\d{2})(?![\p{L}\p{N}_]|[./-]\d)`,
      ),
      say: (match) => {
        const [, first = '', sign = '', second = '', year = ''] = match;
        const isDayFirst = tongue.isDayFirst || sign === '.';
        return say(match, dateInOrder(Number(first), Number(second), fullYear(year), isDayFirst));
      },
    },
    {
      name: 'month, day',
      pattern: pattern(
        String.raw`${START}(${month})\.? (\d{1,2})(?:st|nd|rd|th)?(?:,? (\d{4})(?!\p{N}))?(?![\p{L}\p{N}_:]|[.,]\d)`,
        'i',
      ),
      say: (match) => (tongue.decimal === '.' ? named(match, match[2], match[1], match[3]) : null),
    },
    {
      name: 'day, month',
      pattern: pattern(
        String.raw`${START}(?<![.,:]\d?)(\d{1,2})(?:st|nd|rd|th|er|\.|º|°)? (?:of |de |di )?(${month})(?:\.(?=,? \d)|(?!\p{L}))(?:,?(?: de| di| del)? (\d{4})(?!\p{N}))?`,
        'i',
      ),
      say: (match) => named(match, match[1], match[2], match[3]),
    },
  ];
}

function monthNumbers({ months, monthAbbreviations }: Tongue): Record<string, number> {
  return { ...monthAbbreviations, ...Object.fromEntries(months.map((name, index) => [name.toLowerCase(), index + 1])) };
}

/** Where months have a capital, `may 5` is no date. */
function isWrittenAsMonth(name: string, { months: [first = ''] }: Tongue): boolean {
  const hasCapital = (text: string) => /^\p{Lu}/u.test(text);
  return !hasCapital(first) || hasCapital(name);
}

function dateInOrder(first: number, second: number, year: number, isDayFirst: boolean): CalendarDate {
  const inOrder = isDayFirst ? { day: first, month: second, year } : { day: second, month: first, year };
  return inOrder.month > 12 ? { day: inOrder.month, month: inOrder.day, year } : inOrder;
}

/** '26 and '68: this century until its middle. */
function fullYear(digits: string): number {
  const year = Number(digits);
  if (digits.length === 4) return year;
  return year < 50 ? 2000 + year : 1900 + year;
}

const isDate = ({ day, month }: CalendarDate): boolean => day >= 1 && day <= 31 && month >= 1 && month <= 12;
