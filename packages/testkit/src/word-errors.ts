export interface WordErrors {
  /** Substituted, missing and invented words: the least number that turns one text into the other. */
  errors: number;
  /** Words of the reference. */
  words: number;
}

/** Words as they are compared: lower case, without punctuation, an apostrophe inside a word kept. */
export function comparableWords(text: string): string[] {
  return text
    .normalize('NFC')
    .toLowerCase()
    .replaceAll('’', "'")
    .replace(/[^\p{L}\p{N}\p{M}']+/gu, ' ')
    .split(' ')
    .map((word) => word.replace(/^'+|'+$/g, ''))
    .filter((word) => word !== '');
}

/** Levenshtein's distance over words. */
export function wordErrors(reference: string, hypothesis: string): WordErrors {
  const expected = comparableWords(reference);
  const heard = comparableWords(hypothesis);
  let previous = Array.from({ length: heard.length + 1 }, (_, index) => index);
  expected.forEach((word, row) => {
    const current = [row + 1];
    heard.forEach((other, column) => {
      const substituted = at(previous, column) + (word === other ? 0 : 1);
      current.push(Math.min(substituted, at(previous, column + 1) + 1, at(current, column) + 1));
    });
    previous = current;
  });
  return { errors: at(previous, heard.length), words: expected.length };
}

/** Errors per word of the reference; of an empty reference, 0 when nothing was heard and else 1 per word. */
export function wordErrorRate(reference: string, hypothesis: string): number {
  const { errors, words } = wordErrors(reference, hypothesis);
  return errors / Math.max(words, 1);
}

function at(row: number[], column: number): number {
  return row[column] ?? Number.POSITIVE_INFINITY;
}
