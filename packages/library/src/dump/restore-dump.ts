import { sql } from 'drizzle-orm';
import {
  appliedMigrations,
  applyMigrations,
  checkApplied,
  hasTable,
  knownMigrations,
  lockMigrations,
} from '../database/migrations.ts';
import { rowsOf } from '../database/rows.ts';
import type { Db } from '../database/schema.ts';
import { LibraryError } from '../library-error.ts';
import { type DumpLine, DumpReader, TABLES } from './format.ts';

export interface RestoreDumpOptions {
  /** Delete what is there. */
  replace: boolean;
  /** Calls `put` with each line of the dump, in order. */
  read: (put: (line: string) => Promise<void>) => Promise<void>;
}

/**
 * Puts a dump in place of an empty library, or with `replace` of any: tables are made as the dump had them, filled, and
 * brought up to date. All of it in one transaction: until it has ended, the library is what it was.
 *
 * @throws LibraryError `not_empty`, `newer`, `drift`, `damaged`; what `read` throws
 */
export async function restoreDump(db: Db, { replace, read }: RestoreDumpOptions): Promise<void> {
  await db.transaction(async (tx) => {
    await lockMigrations(tx);
    if (!replace && !(await isEmpty(tx))) throw new LibraryError('not_empty', 'There is a library already.');
    checkApplied(await appliedMigrations(tx), knownMigrations());
    for (const table of ['migrations', ...TABLES].reverse())
      await tx.execute(sql`DROP TABLE IF EXISTS ${sql.raw(table)}`);
    const reader = new DumpReader();
    await read((text) => putLine(tx, reader.read(text)));
    if (!reader.isWhole) throw new LibraryError('damaged', 'The end of the library is missing.');
    await applyMigrations(tx, knownMigrations());
  });
}

/** Whether nothing is kept there, or there are no tables yet. */
export async function isEmpty(db: Db): Promise<boolean> {
  for (const table of TABLES) {
    if (!(await hasTable(db, table))) continue;
    const rows = rowsOf(await db.execute(sql`SELECT 1 AS one FROM ${sql.raw(table)} LIMIT 1`));
    if (rows.length > 0) return false;
  }
  return true;
}

async function putLine(tx: Db, line: DumpLine): Promise<void> {
  if (line.type === 'begin') {
    const known = knownMigrations();
    const newest = Math.max(...line.migrations.map(({ version }) => version));
    await applyMigrations(
      tx,
      known.filter(({ version }) => version <= newest),
    );
    checkApplied(
      line.migrations.map((migration) => ({ ...migration, compatible: true })),
      known,
    );
  } else if (line.type === 'rows') {
    const columns = sql.raw(Object.keys(line.rows[0] ?? {}).join(', '));
    const table = sql.raw(line.table);
    await tx.execute(sql`
      INSERT INTO ${table} (${columns})
      SELECT ${columns} FROM json_populate_recordset(NULL::${table}, ${JSON.stringify(line.rows)}::json)`);
  }
}
