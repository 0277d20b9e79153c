/**
 * Scripts that are written without blanks between words. PostgreSQL takes a run of them for one word, so each of their
 * characters is made one: a search for several is one for these characters in a row.
 */
const BLANKLESS = String.raw`[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]\p{M}*`;

const CHARACTER = new RegExp(BLANKLESS, 'gu');
const RUN = new RegExp(`(?:${BLANKLESS})+`, 'gu');

/** A number with its separators, a character of such a script, or a word. */
export const WORD = new RegExp(String.raw`\d+(?:[.,]\d+)*|${BLANKLESS}|[\p{L}\p{M}\p{N}]+`, 'gu');

export function spaced(text: string): string {
  return text.replace(CHARACTER, ' $& ');
}

/** A query as people write it: runs of such characters become phrases, where they are not part of one. */
export function spacedQuery(query: string): string {
  return query.replace(RUN, (run, offset: number) => {
    const quotes = query.slice(0, offset).split('"').length - 1;
    return quotes % 2 === 1 ? spaced(run) : `"${spaced(run)}"`;
  });
}
