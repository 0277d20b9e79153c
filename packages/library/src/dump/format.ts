import { knownMigrations } from '../database/migrations.ts';
import { LibraryError } from '../library-error.ts';

/**
 * A library as lines of JSON, each of at most some megabytes: which migrations its tables were made by; rows of a table, as
 * PostgreSQL writes them as JSON, tables in an order in which each row finds those that it names; how many there were. It is
 * whole only with its last line.
 */
export type DumpLine =
  | { type: 'begin'; migrations: { version: number; name: string; sha256: string }[] }
  | { type: 'rows'; table: string; rows: Record<string, unknown>[] }
  | { type: 'end'; rows: number };

/** All there are but `migrations`; a row comes after those that it names. */
export const TABLES = [
  'accounts',
  'folders',
  'folder_shares',
  'items',
  'transcripts',
  'edits',
  'search_texts',
  'links',
  'feedback',
  'blob_removals',
] as const;

const COLUMN = /^[a-z_]+$/;

/** Checks the lines of a dump as they come: begin, then rows, then end. */
export class DumpReader {
  #next: 'begin' | 'rows' | 'nothing' = 'begin';
  #rows = 0;

  get isWhole(): boolean {
    return this.#next === 'nothing';
  }

  /** @throws LibraryError `damaged`, `newer` */
  read(text: string): DumpLine {
    const line = parsed(text);
    if (line.type === 'begin' ? this.#next !== 'begin' : this.#next !== 'rows') throw damaged();
    if (line.type === 'begin') mustBeKnown(line.migrations);
    if (line.type === 'rows') this.#rows += line.rows.length;
    if (line.type === 'end' && line.rows !== this.#rows) throw damaged();
    this.#next = line.type === 'end' ? 'nothing' : 'rows';
    return line;
  }
}

function parsed(text: string): DumpLine {
  let line: unknown;
  try {
    line = JSON.parse(text);
  } catch (cause) {
    throw damaged(cause);
  }
  if (!isDumpLine(line)) throw damaged();
  return line;
}

function isDumpLine(value: unknown): value is DumpLine {
  if (!isObject(value)) return false;
  const { type, migrations, table, rows } = value;
  if (type === 'begin') {
    return Array.isArray(migrations) && migrations.length > 0 && migrations.every(isMigration);
  }
  if (type === 'end') return Number.isSafeInteger(rows);
  return (
    type === 'rows' &&
    TABLES.some((name) => name === table) &&
    Array.isArray(rows) &&
    rows.length > 0 &&
    rows.every((row) => isObject(row) && Object.keys(row).every((column) => COLUMN.test(column)))
  );
}

function mustBeKnown(migrations: readonly { version: number }[]): void {
  const newest = knownMigrations().at(-1)?.version ?? 0;
  if (migrations.every(({ version }) => version <= newest)) return;
  throw new LibraryError(
    'newer',
    'The library in this backup is of a newer version of Sotto: restore it with that one.',
  );
}

const isMigration = (value: unknown): boolean =>
  isObject(value) &&
  Number.isSafeInteger(value.version) &&
  typeof value.name === 'string' &&
  typeof value.sha256 === 'string';

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const damaged = (cause?: unknown): LibraryError =>
  new LibraryError('damaged', 'What the backup has of the library is damaged.', { cause });
