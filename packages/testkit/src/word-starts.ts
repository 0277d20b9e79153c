import { comparableWords } from './word-errors.ts';

interface Timed {
  word: string;
  startMs: number;
}

/** Pairs of equal words in the alignment of least errors (Levenshtein): [said, heard] as indexes. */
function matchedWords(said: readonly string[], heard: readonly string[]): [number, number][] {
  const rows = said.length + 1;
  const columns = heard.length + 1;
  const cost = Array.from({ length: rows }, (_, row) =>
    Array.from({ length: columns }, (_, column) => (row === 0 ? column : column === 0 ? row : 0)),
  );
  const at = (row: number, column: number) => cost[row]?.[column] ?? Number.POSITIVE_INFINITY;
  for (let row = 1; row < rows; row++) {
    for (let column = 1; column < columns; column++) {
      const same = said[row - 1] === heard[column - 1] ? 0 : 1;
      const least = Math.min(at(row - 1, column - 1) + same, at(row - 1, column) + 1, at(row, column - 1) + 1);
      (cost[row] ?? [])[column] = least;
    }
  }
  const pairs: [number, number][] = [];
  for (let row = rows - 1, column = columns - 1; row > 0 && column > 0; ) {
    const same = said[row - 1] === heard[column - 1];
    if (at(row, column) === at(row - 1, column - 1) + (same ? 0 : 1)) {
      if (same) pairs.unshift([row - 1, column - 1]);
      row--;
      column--;
    } else if (at(row, column) === at(row - 1, column) + 1) row--;
    else column--;
  }
  return pairs;
}

/** How far off each rightly heard word begins, in milliseconds; late is positive. */
export function startErrors(said: readonly Timed[], heard: readonly Timed[]): number[] {
  const plain = ({ word }: Timed) => comparableWords(word).join('');
  return matchedWords(said.map(plain), heard.map(plain)).map(([i, j]) => {
    return (heard[j]?.startMs ?? 0) - (said[i]?.startMs ?? 0);
  });
}

/** The part of some numbers that lie within a limit, either way. */
export function shareWithin(errors: readonly number[], limit: number): number {
  return errors.filter((error) => Math.abs(error) <= limit).length / errors.length;
}
