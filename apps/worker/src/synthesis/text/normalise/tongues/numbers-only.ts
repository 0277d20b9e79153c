import { toCardinal as cs } from 'n2words/cs-CZ';
import { toCardinal as da } from 'n2words/da-DK';
import { toCardinal as el } from 'n2words/el-GR';
import { toCardinal as fi } from 'n2words/fi-FI';
import { toCardinal as hi } from 'n2words/hi-IN';
import { toCardinal as hr } from 'n2words/hr-HR';
import { toCardinal as hu } from 'n2words/hu-HU';
import { toCardinal as id } from 'n2words/id-ID';
import { toCardinal as nb } from 'n2words/nb-NO';
import { toCardinal as nl } from 'n2words/nl-NL';
import { toCardinal as pl } from 'n2words/pl-PL';
import { toCardinal as ro } from 'n2words/ro-RO';
import { toCardinal as ru } from 'n2words/ru-RU';
import { toCardinal as sv } from 'n2words/sv-SE';
import { toCardinal as tr } from 'n2words/tr-TR';
import { toCardinal as uk } from 'n2words/uk-UA';
import type { Rule } from '../rule.ts';

const CARDINALS: Readonly<Record<string, (digits: string) => string>> = {
  cs,
  da,
  el,
  fi,
  hi,
  hr,
  hu,
  id,
  nb,
  nl,
  pl,
  ro,
  ru,
  sv,
  tr,
  uk,
  no: nb,
};

/** Languages of which only whole numbers are known; what is written with signs is left to the engine. */
export function numbersOnly(base: string): readonly Rule[] {
  const cardinal = Object.hasOwn(CARDINALS, base) ? CARDINALS[base] : undefined;
  if (!cardinal) return [];
  const pattern = /(?<![\p{L}\p{N}_.,:/-])(?:0|[1-9]\d{0,14})(?![\p{L}\p{N}_]|[.,:/-]\d| \d{3})/gu;
  return [{ name: 'whole number', pattern, say: ([digits]) => cardinal(digits) }];
}
