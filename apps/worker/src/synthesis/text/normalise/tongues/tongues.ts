import type { Tongue } from '../tongue.ts';
import { english } from './english.ts';
import { french } from './french.ts';
import { german } from './german.ts';
import { italian } from './italian.ts';
import { portuguese } from './portuguese.ts';
import { spanish } from './spanish.ts';

const AMERICAN = english(true);
const BRITISH = english(false);
const BRAZILIAN = portuguese(true);
const EUROPEAN = portuguese(false);

const BY_LANGUAGE: Readonly<Record<string, (tag: string) => Tongue>> = {
  en: (tag) => (tag === 'en' || tag.startsWith('en-us') ? AMERICAN : BRITISH),
  es: () => spanish,
  de: () => german,
  fr: () => french,
  pt: (tag) => (tag.startsWith('pt-pt') ? EUROPEAN : BRAZILIAN),
  it: () => italian,
};

/** @param language BCP 47, such as `en-gb-x-rp`; null: not all of its ways of writing are known */
export function tongueOf(language: string): Tongue | null {
  const tag = language.toLowerCase().replace('_', '-');
  const [base = ''] = tag.split('-');
  return Object.hasOwn(BY_LANGUAGE, base) ? (BY_LANGUAGE[base]?.(tag) ?? null) : null;
}
