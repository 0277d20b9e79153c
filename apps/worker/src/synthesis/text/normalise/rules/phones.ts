import { spokenDigits } from '../numbers/written.ts';
import type { Rule } from '../rule.ts';
import type { Tongue } from '../tongue.ts';
import { pattern } from './source.ts';

/** Telephone numbers, digit by digit, with a breath between their groups. */
export const phoneRules = (tongue: Tongue): Rule[] => [
  {
    name: 'telephone, with country',
    pattern: pattern(String.raw`(?<![\p{L}\p{N}_+])\+(\d[\d ()./-]{6,20}\d)(?![\p{L}\p{N}_])`),
    say: ([, number = '']) => {
      const digits = number.replace(/\D/g, '').length;
      return digits < 8 || digits > 15 ? null : `${tongue.signs.plus} ${spokenGroups(number, tongue)}`;
    },
  },
  {
    name: 'telephone',
    pattern: pattern(String.raw`(?<![\p{L}\p{N}_+.,/-])(?:${tongue.phones.join('|')})(?![\p{L}\p{N}_]|[-./]\d)`),
    say: ([number]) => (looksLikeYears(number) ? null : spokenGroups(number, tongue)),
  },
];

function spokenGroups(number: string, tongue: Tongue): string {
  const groups = number.split(/\D+/).filter((group) => group !== '');
  return groups.map((group) => spokenDigits(group, tongue)).join(', ');
}

const looksLikeYears = (number: string): boolean => /^(?:1\d|20)\d\d-(?:1\d|20)\d\d$/.test(number);
