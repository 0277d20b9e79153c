import { toCardinal as german } from 'n2words/de-DE';
import { toCardinal as english } from 'n2words/en-US';
import { toCardinal as spanish } from 'n2words/es-ES';
import { toCardinal as french } from 'n2words/fr-FR';
import { toCardinal as italian } from 'n2words/it-IT';

/** How a language says numbers. */
export interface NumberWords {
  /** Words of a whole number. */
  write(value: number): string;
  /** Between a whole number and its decimals, which are said one by one. */
  point: string;
  /** As written in digits. */
  decimalSign: '.' | ',';
  /** Value of number words joined without blanks and hyphens, in lower case; null: it is not one. */
  read(joined: string): number | null;
}

interface Language {
  write: (value: number) => string;
  point: string;
  decimalSign: '.' | ',';
  /** Names of a thousand, a million and, where it has one, a milliard; longer ones first. */
  scales: readonly (readonly string[])[];
  /** How the single one before a scale is said, besides nothing. */
  one: string;
  /** May stand between the parts of a number. */
  and: string;
  /** Other ways to say what the library says in one, of joined words. */
  alsoSaid?: (joined: string) => string;
}

const LANGUAGES: Readonly<Record<string, Language>> = {
  en: {
    write: english,
    point: 'point',
    decimalSign: '.',
    scales: [['thousand'], ['million'], ['billion']],
    one: 'one',
    and: 'and',
    alsoSaid: (joined) => joined.replace(/hundred(?=.)/, 'hundredand'),
  },
  de: {
    write: german,
    point: 'Komma',
    decimalSign: ',',
    scales: [['tausend'], ['millionen', 'million'], ['milliarden', 'milliarde']],
    one: 'ein',
    and: 'und',
    alsoSaid: (joined) => joined.replace(/^ein(?=hundert)/, ''),
  },
  es: {
    write: spanish,
    point: 'coma',
    decimalSign: ',',
    scales: [['mil'], ['millones', 'millón']],
    one: 'un',
    and: 'y',
    alsoSaid: (joined) => joined.replace(/dieciseis$/, 'dieciséis').replace(/veintiuno$/, 'veintiún'),
  },
  fr: {
    write: french,
    point: 'virgule',
    decimalSign: ',',
    scales: [['mille'], ['millions', 'million'], ['milliards', 'milliard']],
    one: 'un',
    and: 'et',
    alsoSaid: (joined) => joined.replace(/(?<=cent|vingt)s$/, ''),
  },
  it: {
    write: italian,
    point: 'virgola',
    decimalSign: ',',
    scales: [
      ['mila', 'mille'],
      ['milioni', 'milione'],
      ['miliardi', 'miliardo'],
    ],
    one: 'un',
    and: 'e',
  },
};

export const NUMBER_LANGUAGES = Object.keys(LANGUAGES);

const made = new Map<string, NumberWords>();

/** null: numbers of this language are left alone. Its tables are made when they are first needed. */
export function numberWordsOf(language: string | null): NumberWords | null {
  const known = LANGUAGES[language ?? ''];
  if (language === null || known === undefined) return null;
  const words = made.get(language) ?? { ...known, read: readerOf(known) };
  made.set(language, words);
  return words;
}

export const joinedWords = (words: string) =>
  words
    .normalize()
    .toLowerCase()
    .replace(/[\s\p{Pd}]+/gu, '');

/** Reads by the library's own words for all numbers below a thousand, and the names of the scales between them. */
function readerOf({ write, scales, one, and, alsoSaid = (joined) => joined }: Language) {
  const small = new Map<string, number>();
  for (let value = 999; value >= 0; value -= 1) {
    const joined = joinedWords(write(value));
    for (const said of [alsoSaid(joined), joined]) small.set(said, value);
  }
  const isOne = (joined: string) => ['', one, `${one}e`].includes(joined);
  /** @param scale only smaller ones may follow. */
  const read = (joined: string, scale: number): number | null => {
    const value = small.get(joined);
    if (value !== undefined) return value;
    for (let index = scale - 1; index >= 0; index -= 1) {
      for (const name of scales[index] ?? []) {
        for (let at = joined.indexOf(name); at >= 0; at = joined.indexOf(name, at + 1)) {
          const before = joined.slice(0, at);
          const count = isOne(before) ? 1 : read(before, index);
          const rest = readRest(joined.slice(at + name.length), index);
          if (count && rest !== null) return count * 1000 ** (index + 1) + rest;
        }
      }
    }
    return null;
  };
  const readRest = (joined: string, scale: number): number | null => {
    if (joined === '') return 0;
    return read(joined, scale) ?? (joined.startsWith(and) ? read(joined.slice(and.length), scale) : null);
  };
  return (joined: string): number | null => read(joined, scales.length);
}
