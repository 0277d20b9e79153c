import { sql } from 'drizzle-orm';
import { appliedMigrations, hasTable, knownMigrations } from '../database/migrations.ts';
import { rowsOf } from '../database/rows.ts';
import type { Db } from '../database/schema.ts';
import { LibraryError } from '../library-error.ts';
import { TABLES } from './format.ts';

/** Of a line, about. */
const LINE_BYTES = 1_000_000;
const FIRST_ROWS = 10;
const MAX_ROWS = 500;

/**
 * Writes all rows as they are at one moment, whatever changes meanwhile (format.ts). As much is read at a time as `write`
 * has taken.
 *
 * @returns how many rows; null: there are no tables yet, and nothing is written
 * @throws LibraryError `newer`: a newer version has made tables that this one does not know; what `write` throws
 */
export async function writeDump(db: Db, write: (line: string) => Promise<void>): Promise<number | null> {
  return db.transaction(
    async (tx) => {
      const migrations = await appliedMigrations(tx);
      if (migrations.length === 0) return null;
      const known = knownMigrations().at(-1)?.version ?? 0;
      if (migrations.some(({ version }) => version > known)) {
        throw new LibraryError('newer', 'A newer version of Sotto has changed the library: back it up with that one.');
      }
      const begin = migrations.map(({ version, name, sha256 }) => ({ version, name, sha256 }));
      await write(JSON.stringify({ type: 'begin', migrations: begin }));
      let rows = 0;
      for (const table of TABLES) rows += await writeTable(tx, table, write);
      await write(JSON.stringify({ type: 'end', rows }));
      return rows;
    },
    { isolationLevel: 'repeatable read', accessMode: 'read only' },
  );
}

async function writeTable(tx: Db, table: string, write: (line: string) => Promise<void>): Promise<number> {
  // Of a later version than the one that made this library.
  if (!(await hasTable(tx, table))) return 0;
  const cursor = sql.raw(`dump_of_${table}`);
  await tx.execute(
    sql`DECLARE ${cursor} NO SCROLL CURSOR FOR SELECT row_to_json(t)::text AS row FROM ${sql.raw(table)} t`,
  );
  let written = 0;
  for (let count = FIRST_ROWS; ; ) {
    const rows = rowsOf<{ row: string }>(await tx.execute(sql`FETCH ${sql.raw(String(count))} FROM ${cursor}`));
    if (rows.length === 0) break;
    const json = rows.map(({ row }) => row).join(',');
    await write(`{"type":"rows","table":"${table}","rows":[${json}]}`);
    written += rows.length;
    count = Math.max(1, Math.min(MAX_ROWS, Math.floor((LINE_BYTES * rows.length) / json.length)));
  }
  await tx.execute(sql`CLOSE ${cursor}`);
  return written;
}
