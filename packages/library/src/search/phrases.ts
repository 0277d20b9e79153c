/**
 * The phrases that every text must have that a query as people write it matches. None, where it has an `or`: then no
 * phrase is one that all must have.
 */
export function phrasesOf(query: string): string[] {
  const parts = query.split('"');
  // What lies between quotes; a last one without an end is a phrase as well.
  const phrases = parts.flatMap((text, index) => (index % 2 === 1 ? [{ text, before: parts[index - 1] ?? '' }] : []));
  if (parts.some((text, index) => index % 2 === 0 && /(^|\s)or(\s|$)/i.test(text))) return [];
  return phrases.filter(({ before }) => !before.endsWith('-')).map(({ text }) => text);
}
