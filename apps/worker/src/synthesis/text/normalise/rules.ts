import type { Rule } from './rule.ts';
import { abbreviationRules } from './rules/abbreviations.ts';
import { addressRules } from './rules/addresses.ts';
import { dateRules } from './rules/dates.ts';
import { measureRules } from './rules/measures.ts';
import { moneyRules } from './rules/money.ts';
import { numberRules } from './rules/numbers.ts';
import { ordinalRules } from './rules/ordinals.ts';
import { phoneRules } from './rules/phones.ts';
import { romanRules } from './rules/roman.ts';
import { signRules } from './rules/signs.ts';
import { timeRules } from './rules/times.ts';
import type { Tongue } from './tongue.ts';
import { numbersOnly } from './tongues/numbers-only.ts';
import { tongueOf } from './tongues/tongues.ts';

const made = new Map<Tongue | string, readonly Rule[]>();

/** In their order: what has a clear shape comes before what could be part of it. @param language BCP 47 */
export function rulesFor(language: string): readonly Rule[] {
  const base = language.split(/[-_]/, 1)[0]?.toLowerCase() ?? '';
  const tongue = tongueOf(language);
  const rules = made.get(tongue ?? base) ?? (tongue ? rulesOf(tongue) : numbersOnly(base));
  if (rules.length > 0) made.set(tongue ?? base, rules);
  return rules;
}

const rulesOf = (tongue: Tongue): readonly Rule[] => [
  ...addressRules(tongue),
  ...tongue.ownRules,
  ...dateRules(tongue),
  ...phoneRules(tongue),
  ...timeRules(tongue),
  ...moneyRules(tongue),
  ...measureRules(tongue),
  ...ordinalRules(tongue),
  ...romanRules(tongue),
  ...abbreviationRules(tongue),
  ...numberRules(tongue),
  ...signRules(tongue),
];
