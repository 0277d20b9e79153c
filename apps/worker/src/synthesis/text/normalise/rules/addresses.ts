import { spokenDigits } from '../numbers/written.ts';
import type { Rule } from '../rule.ts';
import type { Tongue } from '../tongue.ts';
import { END, pattern } from './source.ts';

const LABELS = String.raw`(?:[A-Za-z0-9-]{1,63}\.){1,8}`;
/** Of addresses that are written without `https://`. */
const TOP_DOMAINS = 'com|org|net|edu|gov|info|io|dev|app|ai|eu|co|uk|de|es|fr|pt|br|it|at|ch';
/** Nobody wants to hear a longer path. */
const LONGEST_PATH = 60;

/** E-mail addresses, addresses of pages, and names of hosts. */
export const addressRules = (tongue: Tongue): Rule[] => [
  {
    name: 'e-mail',
    pattern: pattern(String.raw`(?<![\w.+-])[\w.+-]{1,64}@${LABELS}[A-Za-z]{2,24}(?![\w-])`),
    say: ([address]) => spelled(address, tongue),
  },
  {
    name: 'address of a page',
    pattern: pattern(
      String.raw`(?<![\w])(?:https?|ftp):\/\/(?:www\.)?([^\s<>"?#/]{1,255})(\/[^\s<>"?#]{0,2000})?[^\s<>"]{0,4000}`,
      'i',
    ),
    say: (match) => pageAddress(match, tongue),
  },
  {
    name: 'host',
    pattern: pattern(String.raw`(?<![\w@.-])(?:www\.)?(${LABELS}(?:${TOP_DOMAINS}))(\/[^\s<>"?#]{0,2000})?${END}(?!-)`),
    say: (match) => pageAddress(match, tongue),
  },
];

function pageAddress([whole, host = '', path = '']: RegExpExecArray, tongue: Tongue): string {
  const [, after = ''] = /([.,;:!?)\]}'’]{1,8})$/.exec(whole.slice(-9)) ?? [];
  const isTail = (text: string) => text.endsWith(after) && whole.endsWith(text);
  const withoutTail = (text: string) => (after !== '' && isTail(text) ? text.slice(0, -after.length) : text);
  const said = withoutTail(path).replace(/\/$/, '');
  return spelled(withoutTail(host) + (said.length > LONGEST_PATH ? '' : said), tongue) + after;
}

function spelled(address: string, tongue: Tongue): string {
  const { at, dot, dash, underscore, slash, plus } = tongue.signs;
  const signs: Record<string, string> = { '@': at, '.': dot, '-': dash, _: underscore, '/': slash, '+': plus };
  const words = address.replace(/[@.\-_/+]/g, (sign) => ` ${signs[sign]} `);
  return words
    .replace(/\d{1,4}(?!\d)|\d/g, (digits) => ` ${digits.length < 5 ? digitsOf(digits, tongue) : digits} `)
    .replace(/[^\p{L}\p{N}\p{M} '-]/gu, ' ')
    .replace(/ +/g, ' ')
    .trim();
}

/** A year or a small number as such, as people say it; others digit by digit. */
const digitsOf = (digits: string, tongue: Tongue): string =>
  digits.length <= 2 && !/^0\d/.test(digits) ? tongue.cardinal(digits) : spokenDigits(digits, tongue);
