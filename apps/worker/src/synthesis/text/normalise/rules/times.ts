import type { Rule } from '../rule.ts';
import type { Tongue } from '../tongue.ts';
import { END, pattern, START } from './source.ts';

/** Times of day; and ratios, which look almost like them. */
export const timeRules = (tongue: Tongue): Rule[] => [
  {
    name: 'time',
    pattern: pattern(
      String.raw`(?:${START}|(?<=\dT))(?<![.,:]\d{0,2})(\d{1,2})(?::| ?h ?)(\d{2})(?::(\d{2})(?:\.\d{1,6})?)?(?![\p{N}_]|:\d)(?: (?:Uhr|hrs|h)${END}|(?:Z|h)${END})?`,
    ),
    say: (match) => {
      const [, hours = '', minutes = '', seconds] = match;
      const time = {
        hours: Number(hours),
        minutes: Number(minutes),
        seconds: seconds === undefined ? null : Number(seconds),
      };
      if (time.hours > 24 || time.minutes > 59 || (time.seconds ?? 0) > 59) return null;
      const end = match.index + match[0].length;
      return tongue.time({ ...time, isHalfDay: /^ ?[ap]\.?m/i.test(match.input.slice(end, end + 4)) });
    },
  },
  {
    name: 'ratio',
    pattern: pattern(String.raw`${START}(?<![.,:])(\d{1,4}):(\d{1,4})(?![\p{L}\p{N}_]|[:.,]\d)`),
    say: ([, one = '', other = '']) => `${tongue.cardinal(one)} ${tongue.signs.to} ${tongue.cardinal(other)}`,
  },
];
