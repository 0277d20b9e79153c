import type { Noun } from '../tongue.ts';

/** Written prefixes of units, and their spelling in a language. */
export type Prefixes = Readonly<Record<string, string>>;

/** Which prefixes are in use with which unit; without one, each is a unit as well. */
const PREFIXED: Readonly<Record<string, readonly string[]>> = {
  m: ['k', 'c', 'm', 'µ', 'n'],
  g: ['k', 'm', 'µ'],
  l: ['m', 'c', 'd', 'h'],
  s: ['m', 'µ', 'n'],
  W: ['k', 'm', 'M', 'G'],
  Wh: ['k', 'M', 'G', 'T'],
  Hz: ['k', 'M', 'G'],
  V: ['k', 'm'],
  A: ['m'],
  Ah: ['m'],
  B: ['k', 'K', 'M', 'G', 'T'],
  bit: ['k', 'M', 'G'],
  Pa: ['k', 'h', 'M'],
  J: ['k', 'M'],
  cal: ['k'],
};

/** 221B Baker Street is no size of a file. */
const ONLY_PREFIXED = new Set(['B', 'A']);

/** @returns the units, those with prefixes too, in all the ways they are written */
export function withPrefixes(prefixes: Prefixes, units: Readonly<Record<string, Noun>>): Record<string, Noun> {
  const all: Record<string, Noun> = { ...units };
  for (const [unit, [one, many, gender = 'm']] of Object.entries(units)) {
    for (const prefix of PREFIXED[unit] ?? []) {
      const spelled = prefixes[prefix.replace('K', 'k')] ?? '';
      all[prefix + unit] ??= [compound(spelled, one), compound(spelled, many), gender];
    }
  }
  return Object.fromEntries(Object.entries(all).filter(([unit]) => !ONLY_PREFIXED.has(unit)));
}

/** Nouns of some languages begin with a capital, and so do compounds of them. */
function compound(prefix: string, noun: string): string {
  const isCapital = noun.charAt(0) !== noun.charAt(0).toLowerCase();
  if (!isCapital) return prefix + noun;
  return prefix.charAt(0).toUpperCase() + prefix.slice(1) + noun.toLowerCase();
}
