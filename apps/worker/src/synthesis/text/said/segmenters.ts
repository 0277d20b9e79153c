const segmenters = new Map<string, Intl.Segmenter>();

/** Unicode's boundaries of sentences, words or graphemes, as the language has them. */
export function segmenter(language: string | null, granularity: 'sentence' | 'word' | 'grapheme'): Intl.Segmenter {
  const locale = knownLocale(language);
  const name = `${locale} ${granularity}`;
  const made = segmenters.get(name) ?? new Intl.Segmenter(locale, { granularity });
  segmenters.set(name, made);
  return made;
}

/** Only the language itself matters to boundaries; so few segmenters are ever made. */
function knownLocale(language: string | null): string {
  try {
    const [base] = Intl.Segmenter.supportedLocalesOf(language?.split('-')[0] ?? 'en');
    return base ?? 'en';
  } catch {
    return 'en';
  }
}
