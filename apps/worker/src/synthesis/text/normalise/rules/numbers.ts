import { numberSource, spokenDigits, spokenNumber } from '../numbers/written.ts';
import type { Rule } from '../rule.ts';
import type { Tongue } from '../tongue.ts';
import { END, pattern, START } from './source.ts';

const PARTS: Record<string, readonly [number, number]> = {
  '½': [1, 2],
  '⅓': [1, 3],
  '⅔': [2, 3],
  '¼': [1, 4],
  '¾': [3, 4],
  '⅕': [1, 5],
  '⅖': [2, 5],
  '⅗': [3, 5],
  '⅘': [4, 5],
  '⅙': [1, 6],
  '⅛': [1, 8],
  '⅜': [3, 8],
  '⅝': [5, 8],
  '⅞': [7, 8],
};

/** Codes, ranges, fractions, years and all other numbers. They come after whatever has a sign or a unit. */
export const numberRules = (tongue: Tongue): Rule[] => [
  ...fractionRules(tongue),
  {
    name: 'version',
    pattern: pattern(String.raw`${START}(?<!\.)\d{1,9}(?:\.\d{1,9}){2,6}(?![\p{L}\p{N}_]|[.,]\d)`),
    say: ([version]) => (isGrouped(version, tongue) ? null : spokenVersion(version, tongue)),
  },
  {
    name: 'range',
    pattern: pattern(String.raw`(?<=[\d%°½¼¾€$£mgs]) ?(?:–|—) ?(?=[$€£]?\d)|(?<=[\d%°])-(?=[$€£]?\d)`),
    say: () => ` ${tongue.signs.to} `,
  },
  {
    name: 'times',
    pattern: pattern(String.raw`(?<=\d) ?[×x] ?(?=\d)`),
    say: () => ` ${tongue.signs.by} `,
  },
  {
    name: 'negative',
    pattern: pattern(String.raw`(?<![^\s(=<>±])[-−–](?=[.,]?\d)`),
    say: () => `${tongue.signs.minus} `,
  },
  {
    name: 'positive',
    pattern: pattern(String.raw`(?<=[\s(=<>\d]|^) ?\+ ?(?=\d)`),
    say: ({ input, index }) => `${/\d/.test(input.charAt(index - 1)) ? ' ' : ''}${tongue.signs.plus} `,
  },
  {
    name: 'year',
    pattern: pattern(String.raw`${START}(?<![.,:/])(1[1-9]\d\d|20\d\d)(?![\p{L}\p{N}_]|[.,:/]\d)`),
    say: ([year]) => tongue.year(Number(year)),
  },
  {
    name: 'number',
    pattern: pattern(String.raw`${START}(?<![.,:]\d{0,3})${numberSource(tongue)}${END}`),
    say: ([written]) => spokenNumber(written, tongue),
  },
  {
    name: 'fraction without a whole',
    pattern: pattern(String.raw`(?<![\p{L}\p{N}_.,])[.,](\d{1,10})${END}`),
    say: ([written, digits = '']) =>
      written.startsWith(tongue.decimal) ? ` ${tongue.signs.point} ${spokenDigits(digits, tongue)}` : null,
  },
  {
    name: 'long number',
    pattern: pattern(String.raw`${START}\d{16,}${END}`),
    say: ([digits]) => spokenDigits(digits, tongue),
  },
];

const isGrouped = (written: string, { groups }: Tongue): boolean =>
  groups.includes('.') && /^\d{1,3}(?:\.\d{3})+$/.test(written);

const spokenVersion = (version: string, tongue: Tongue): string =>
  version
    .split('.')
    .map((part) => spokenNumber(part, tongue))
    .join(` ${tongue.signs.point} `);

const fractionRules = (tongue: Tongue): Rule[] => [
  {
    name: 'fraction',
    pattern: pattern(String.raw`${START}(?<![.,:/])(?:(\d{1,4}) )?(\d{1,4})[/⁄](\d{1,4})(?![\p{L}\p{N}_]|[./,]\d)`),
    say: ([, whole, numerator = '', denominator = '']) => {
      const part = tongue.fraction(Number(numerator), Number(denominator));
      const words = part ?? `${tongue.cardinal(numerator)} ${tongue.signs.slash} ${tongue.cardinal(denominator)}`;
      return whole === undefined ? words : mixed(whole, words, tongue);
    },
  },
  {
    name: 'fraction of one character',
    pattern: /(?:(?<![\p{L}\p{N}_.,])(\d{1,9}) ?)?([½⅓⅔¼¾⅕⅖⅗⅘⅙⅛⅜⅝⅞])/gu,
    say: ([, whole, sign = '']) => {
      const words = tongue.fraction(...(PARTS[sign] ?? [1, 2]));
      return words === null || whole === undefined ? words : mixed(whole, words, tongue);
    },
  },
];

/** "two and a half" where the language says "a half" of one. */
const mixed = (whole: string, part: string, { cardinal, signs }: Tongue): string =>
  `${cardinal(whole)} ${signs.and} ${part.replace(/^one (?=half|quarter)/, 'a ')}`;
