/** Everything people read while a command works goes to stderr; stdout carries results only. */
export function note(text: string): void {
  process.stderr.write(`${text}\n`);
}

/** Text gets the line break it lacks; bytes stay as they are. */
export function result(body: string | Uint8Array): void {
  process.stdout.write(typeof body === 'string' ? withLineBreak(body) : body);
}

export function withLineBreak(text: string): string {
  return text.endsWith('\n') ? text : `${text}\n`;
}

/** A closed terminal or pipe must not end us before our processes are ended. */
export function survivesClosedOutput(): void {
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {});
}

const UNITS = ['B', 'kB', 'MB', 'GB', 'TB'];

/** `77.7 MB` */
export function bytesText(bytes: number): string {
  const power = Math.min(Math.floor(Math.log10(Math.max(bytes, 1)) / 3), UNITS.length - 1);
  const value = bytes / 1_000 ** power;
  return `${value.toFixed(power === 0 || value >= 100 ? 0 : 1)} ${UNITS[power]}`;
}

/** Columns as wide as their widest cell. */
export function table(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => (row[column] ?? '').length)));
  return rows
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}
