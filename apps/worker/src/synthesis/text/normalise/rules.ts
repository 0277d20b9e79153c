import { english } from './english.ts';
import type { Rule } from './rule.ts';

/** In their order. @param language BCP 47; one that no rules are for is left to the engine. */
export function rulesFor(language: string): readonly Rule[] {
  return language.split('-')[0]?.toLowerCase() === 'en' ? english : [];
}
