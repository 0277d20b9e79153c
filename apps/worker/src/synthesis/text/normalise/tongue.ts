import type { Rule } from './rule.ts';

export type Gender = 'm' | 'f' | 'n';

/** Singular, plural, and what numbers before it agree with. */
export type Noun = readonly [one: string, many: string, gender?: Gender];

export interface Currency {
  noun: Noun;
  /** null: it has no smaller coin. */
  cent: Noun | null;
}

export interface CalendarDate {
  day: number;
  /** 1-12. */
  month: number;
  year: number | null;
}

export interface ClockTime {
  hours: number;
  minutes: number;
  seconds: number | null;
  /** `AM` or `PM` follows. */
  isHalfDay: boolean;
}

/** Words for what is written as a sign. */
export interface SignWords {
  and: string;
  /** Between euros and cents, where it is another word. */
  andCents?: string;
  at: string;
  about: string;
  by: string;
  dash: string;
  degrees: string;
  dot: string;
  hash: string;
  minus: string;
  /** `#1`, `№ 1`. */
  number: string;
  per: string;
  percent: string;
  permille: string;
  plus: string;
  point: string;
  section: string;
  slash: string;
  to: string;
  underscore: string;
  equals: string;
}

export interface Abbreviations {
  /** Something always follows; so these never end a sentence. */
  before: Readonly<Record<string, string>>;
  /** May end a sentence. */
  ending: Readonly<Record<string, string>>;
  /** Only before a number. */
  beforeNumber: Readonly<Record<string, string>>;
}

export interface RomanWords {
  /** Words, in lower case, after which a Roman numeral counts: chapter, volume. */
  counting: readonly string[];
  /** Names of those who are numbered: kings, popes. */
  names: readonly string[];
  /** What is said of the number after a name. */
  ofName(value: number): string;
}

/** What is known of a language: data, and how its numbers become words. One mechanism reads all of them. */
export interface Tongue {
  decimal: ',' | '.';
  /** Characters between groups of three digits, as in a class of a regular expression. */
  groups: string;
  /** 3.14 as "three point one four", not "three point fourteen". */
  isFractionSpelled: boolean;
  /** Numeric dates begin with the day. */
  isDayFirst: boolean;
  /** @param gender of the noun that follows; absent: counting */
  cardinal(digits: string, gender?: Gender): string;
  ordinal(digits: string, gender?: Gender): string;
  year(year: number): string;
  /** @param before the text before it, as much as matters */
  date(date: CalendarDate, before: string): string;
  time(time: ClockTime): string;
  /** null: it is no usual fraction. */
  fraction(numerator: number, denominator: number): string | null;
  months: readonly string[];
  /** Besides the names: in lower case, without stop. */
  monthAbbreviations: Readonly<Record<string, number>>;
  currencies: Readonly<Record<string, Currency>>;
  /** Written after an amount of money, with what is said for one and for many. */
  magnitudes: Readonly<Record<string, Noun>>;
  /** "of dollars", after a million. */
  afterMagnitude(noun: string, magnitude: string): string;
  units: Readonly<Record<string, Noun>>;
  signs: SignWords;
  /** Names of letters that would be taken for words. */
  letters: Readonly<Record<string, string>>;
  abbreviations: Abbreviations;
  roman: RomanWords;
  /** Alternatives of a regular expression: how telephone numbers are written at home. */
  phones: readonly string[];
  emoji: Readonly<Record<string, string>>;
  /** What no other language has, before all others. */
  ownRules: readonly Rule[];
}
