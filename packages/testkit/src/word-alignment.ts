/** A word of each text in one place of the alignment, as indexes; null: the other text has one more here. */
export type AlignedWord = [said: number, heard: number] | [said: number, heard: null] | [said: null, heard: number];

/** The alignment of least errors of two texts (Levenshtein), in their order. */
export function alignWords(said: readonly string[], heard: readonly string[]): AlignedWord[] {
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
  const aligned: AlignedWord[] = [];
  for (let row = rows - 1, column = columns - 1; row > 0 || column > 0; ) {
    const same = said[row - 1] === heard[column - 1];
    if (row > 0 && column > 0 && at(row, column) === at(row - 1, column - 1) + (same ? 0 : 1)) {
      row--;
      column--;
      aligned.push([row, column]);
    } else if (row > 0 && at(row, column) === at(row - 1, column) + 1) aligned.push([--row, null]);
    else aligned.push([null, --column]);
  }
  return aligned.reverse();
}
