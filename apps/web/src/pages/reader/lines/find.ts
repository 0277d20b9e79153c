import type { EditedSegment } from '@sotto/transcript';

export interface Search {
  query: string;
  isExact: boolean;
}

/** Where a text stands in a line: characters of its text, the last one not included. */
export interface Place {
  from: number;
  to: number;
}

/** @param isExact false: case makes no difference */
export function placesIn(text: string, { query, isExact }: Search): Place[] {
  if (query === '') return [];
  const [line, wanted] = isExact ? [text, query] : [text.toLowerCase(), query.toLowerCase()];
  // Lower case can be longer: then places would be wrong.
  if (line.length !== text.length) return placesIn(text, { query, isExact: true });
  const places: Place[] = [];
  for (let at = line.indexOf(wanted); at >= 0; at = line.indexOf(wanted, at + wanted.length)) {
    places.push({ from: at, to: at + wanted.length });
  }
  return places;
}

export function replaced(text: string, search: Search, replacement: string): string {
  return placesIn(text, search).reduceRight(
    (line, { from, to }) => line.slice(0, from) + replacement + line.slice(to),
    text,
  );
}

/** Which words of a line are touched by places in its text. */
export function markedWords({ words }: Pick<EditedSegment, 'words'>, places: readonly Place[]): ReadonlySet<number> {
  const marked = new Set<number>();
  let at = 0;
  words.forEach(({ word }, index) => {
    const end = at + word.length;
    if (places.some(({ from, to }) => from < end && to > at)) marked.add(index);
    at = end;
  });
  return marked;
}

/** The word in which a character of a line's text is: words before it stay before a split. */
export function wordAtCharacter({ words }: Pick<EditedSegment, 'words'>, character: number): number {
  let at = 0;
  return words.filter(({ word }) => {
    at += word.length;
    return at <= character;
  }).length;
}
