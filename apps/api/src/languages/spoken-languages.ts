import type { SpeechOffer, WireSpokenLanguage } from '@sotto/contracts';

const BEST_FIRST = ['high', 'medium', 'low'] as const;
const NAMES = new Intl.DisplayNames('en', { type: 'language' });

/**
 * In which languages texts can be spoken, and by whom.
 * @param offers what workers speak with, best first
 * @returns by code
 */
export function spokenLanguages(offers: readonly SpeechOffer[]): WireSpokenLanguage[] {
  const known = new Map<string, WireSpokenLanguage>();
  for (const { engine, voices } of offers) {
    for (const { id, languages, quality } of voices) {
      for (const code of new Set(languages)) {
        const row = known.get(code) ?? { code, name: nameOf(code), quality, engines: [], voices: [] };
        known.set(code, row);
        if (!row.engines.includes(engine)) row.engines.push(engine);
        row.voices.push(id);
        if (BEST_FIRST.indexOf(quality) < BEST_FIRST.indexOf(row.quality)) row.quality = quality;
      }
    }
  }
  return [...known.values()].sort((one, other) => (one.code < other.code ? -1 : 1));
}

/** Engines have languages that no browser has a name for, and tags that are none. */
function nameOf(code: string): string {
  try {
    return NAMES.of(code) ?? code;
  } catch {
    return code;
  }
}
