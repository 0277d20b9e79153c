import { romanValue } from '../numbers/roman.ts';
import type { Rule } from '../rule.ts';
import type { Tongue } from '../tongue.ts';
import { anyOf, pattern } from './source.ts';

/** Roman numerals after a word that is counted, or after the name of a king. */
export const romanRules = (tongue: Tongue): Rule[] => [
  {
    name: 'Roman numeral of a name',
    pattern: pattern(
      String.raw`(?<=(?<!\p{L})${anyOf(tongue.roman.names)} )([IVXL]{1,8})(?![\p{L}\p{N}_'’])(?! ['’])(?:\.(?= \p{Ll}))?`,
    ),
    say: ([, numeral = '']) => withValue(numeral, tongue.roman.ofName),
  },
  {
    name: 'Roman numeral that counts',
    pattern: pattern(
      String.raw`(?<=(?<!\p{L})${either([...tongue.roman.counting, ...Object.keys(tongue.abbreviations.beforeNumber)])} )([IVXLCDM]{1,12})(?![\p{L}\p{N}_'’])`,
    ),
    say: ([, numeral = '']) => withValue(numeral, (value) => tongue.cardinal(String(value))),
  },
];

const either = (words: readonly string[]): string =>
  anyOf(words.flatMap((word) => [word, word.charAt(0).toUpperCase() + word.slice(1), word.toUpperCase()]));

function withValue(numeral: string, say: (value: number) => string): string | null {
  const value = romanValue(numeral);
  return value > 0 ? say(value) : null;
}
