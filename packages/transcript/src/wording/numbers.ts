import type { TextEdit } from './edits.ts';
import { joinedWords, type NumberWords, numberWordsOf } from './number-words.ts';
import { type TextToken, tokensOf } from './tokens.ts';

/** Words of the longest number that is looked for. */
const MAX_WORDS = 16;
/** Smaller ones stay words, as style guides have it, unless they have decimals. */
const LEAST_IN_DIGITS = 10;

/** `twenty-one` -> `21`, `three point five` -> `3.5`. */
export function digitEdits(text: string, language: string | null): TextEdit[] {
  const words = numberWordsOf(language);
  if (words === null) return [];
  const tokens = tokensOf(text);
  const edits: TextEdit[] = [];
  for (let at = 0; at < tokens.length; ) {
    const found = numberAt(tokens, at, words, language);
    const [first, last] = [tokens[at], tokens[at + (found?.tokens ?? 1) - 1]];
    at += found?.tokens ?? 1;
    if (found === null || first === undefined || last === undefined) continue;
    if (found.value < LEAST_IN_DIGITS && found.decimals === '') continue;
    edits.push({ start: first.start, end: last.end, text: digitsOf(found, words, language) });
  }
  return edits;
}

interface FoundNumber {
  value: number;
  decimals: string;
  tokens: number;
}

function numberAt(
  tokens: readonly TextToken[],
  at: number,
  words: NumberWords,
  language: string | null,
): FoundNumber | null {
  const whole = (language === 'en' ? yearAt(tokens, at, words) : null) ?? wholeAt(tokens, at, words);
  if (whole === null) return null;
  const point = tokens[at + whole.tokens];
  if (point?.isApart !== true || point.text.toLowerCase() !== words.point.toLowerCase()) return whole;
  let decimals = '';
  let next = at + whole.tokens + 1;
  for (; next < tokens.length && decimals.length < MAX_WORDS; next += 1) {
    const digit = words.read(joinedWords(tokens[next]?.text ?? ''));
    if (digit === null || digit > 9 || tokens[next]?.isApart !== true) break;
    decimals += digit;
  }
  return decimals === '' ? whole : { value: whole.value, decimals, tokens: next - at };
}

/** The longest number from here. */
function wholeAt(tokens: readonly TextToken[], at: number, { read }: NumberWords): FoundNumber | null {
  let joined = '';
  let longest: FoundNumber | null = null;
  for (let count = 1; count <= MAX_WORDS; count += 1) {
    const token = tokens[at + count - 1];
    if (token === undefined || !/^\p{L}/u.test(token.text) || (count > 1 && !token.isApart)) break;
    joined += joinedWords(token.text);
    const value = read(joined);
    if (value !== null) longest = { value, decimals: '', tokens: count };
  }
  return longest;
}

/** `nineteen eighty-four` -> 1984: English says years by their hundreds. */
function yearAt(tokens: readonly TextToken[], at: number, words: NumberWords): FoundNumber | null {
  const [first, second] = [tokens[at], tokens[at + 1]];
  const hundreds = words.read(joinedWords(first?.text ?? ''));
  if (hundreds === null || hundreds < 11 || hundreds > 20 || second?.isApart !== true) return null;
  const rest = wholeAt(tokens, at + 1, words);
  if (rest === null || rest.value < 10 || rest.value > 99) return null;
  return { value: 100 * hundreds + rest.value, decimals: '', tokens: 1 + rest.tokens };
}

function digitsOf({ value, decimals }: FoundNumber, { decimalSign }: NumberWords, language: string | null): string {
  const whole = new Intl.NumberFormat(language ?? undefined, { useGrouping: 'min2' }).format(value);
  return decimals === '' ? whole : `${whole}${decimalSign}${decimals}`;
}

/** Digits beside letters (`MP3`, `3rd`), times, dates and what begins with a nought are names, and stay. */
const WRITTEN_NUMBER =
  /(?<![\p{L}\p{N}\p{M}.,:/-])(?:\d{1,3}(?:[.,]\d{3})+|\d+)(?:[.,]\d+)?(?![\p{L}\p{N}\p{M}]|[.,:/-]\d)/gu;

/** `21` -> `twenty-one`. */
export function wordEdits(text: string, language: string | null): TextEdit[] {
  const words = numberWordsOf(language);
  if (words === null) return [];
  return [...text.matchAll(WRITTEN_NUMBER)].flatMap(({ 0: written, index }) => {
    const said = wordsOf(written, words);
    return said === null ? [] : [{ start: index, end: index + written.length, text: said }];
  });
}

function wordsOf(written: string, { write, point, decimalSign }: NumberWords): string | null {
  const [grouped = '', decimals = '', ...more] = written.split(decimalSign);
  const groupSign = decimalSign === '.' ? ',' : '.';
  const isGrouped = new RegExp(`^\\d{1,3}(?:\\${groupSign}\\d{3})+$|^\\d+$`).test(grouped);
  const whole = grouped.replaceAll(groupSign, '');
  if (!isGrouped || more.length > 0 || !/^\d*$/.test(decimals)) return null;
  if (!Number.isSafeInteger(Number(whole)) || /^0\d/.test(whole)) return null;
  const said = write(Number(whole));
  return decimals === '' ? said : [said, point, ...[...decimals].map((digit) => write(Number(digit)))].join(' ');
}
