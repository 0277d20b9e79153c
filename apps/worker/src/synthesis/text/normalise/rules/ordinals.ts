import type { Rule } from '../rule.ts';
import type { Gender, Tongue } from '../tongue.ts';
import { END, pattern, START } from './source.ts';

/** What makes an ordinal of a number in writing, of a feminine noun; all others are masculine. */
const GENDERS = new Map<string, Gender>([
  ['re', 'f'],
  ['ère', 'f'],
  ['ª', 'f'],
  ['.ª', 'f'],
]);

export const ordinalRules = (tongue: Tongue): Rule[] => [
  {
    name: 'ordinal',
    pattern: pattern(String.raw`${START}(?<![.,])(\d{1,6})(${ORDINAL_ENDS[tongue.decimal]})${END}`),
    say: ([, digits = '', end = '']) => (/^0/.test(digits) ? null : tongue.ordinal(digits, GENDERS.get(end) ?? 'm')),
  },
];

/** English against the others. */
const ORDINAL_ENDS = { '.': 'st|nd|rd|th', ',': String.raw`\.?[ºª]|\.?er|re|ère|ème|e|nd` };
