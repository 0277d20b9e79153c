import type { Casing, NumberStyle, ProfanityChoice, Replacement, wordingFields } from '#wire';

/** How the text of a transcript is worded. What is left out is as the request had it. */
export interface WordingShape {
  /** Spelling rules, tried in order; `*` stands for any letters of one word. */
  replace?: readonly Replacement[];
  /** false: filler words such as "um" are left out. */
  disfluencies?: boolean;
  /** Number words from ten upwards in digits, or digits in words. */
  numbers?: NumberStyle;
  /** `mask`: swear words keep only their first letter. */
  profanity?: ProfanityChoice;
  casing?: Casing;
}

const NAMES = ['replace', 'disfluencies', 'numbers', 'profanity', 'casing'] as const satisfies (keyof WordingShape &
  keyof typeof wordingFields)[];

export function wordingQuery(shape: WordingShape): Record<string, string> {
  const given = NAMES.flatMap((name) => {
    const value = shape[name];
    return value === undefined ? [] : [[name, name === 'replace' ? replaceText(shape.replace) : String(value)]];
  });
  return Object.fromEntries(given);
}

/** Spelling rules as the service reads them. */
export function replaceText(rules: readonly Replacement[] = []): string {
  return JSON.stringify(rules.map(({ from, to, matchCase }) => ({ from, to, match_case: matchCase })));
}
