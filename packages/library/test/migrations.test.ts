import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type PostgresServer, startPostgres } from '@sotto/testkit';
import { getTableColumns, getTableName, is, sql } from 'drizzle-orm';
import { PgTable } from 'drizzle-orm/pg-core';
import type { Database } from '../src/database/database.ts';
import { knownMigrations, type Migration, migrate } from '../src/database/migrations.ts';
import { openDatabase } from '../src/database/open.ts';
import { rowsOf } from '../src/database/rows.ts';
import * as schema from '../src/database/schema.ts';
import { openLibrary } from '../src/index.ts';

describe('migrations', () => {
  let server: PostgresServer;
  const opened: Database[] = [];
  beforeAll(async () => {
    server = await startPostgres();
  }, 60_000);
  afterAll(async () => {
    await Promise.all(opened.map((database) => database.close()));
    await server.close();
  });

  async function emptyDatabase(): Promise<Database> {
    const database = await openDatabase(await server.createDatabase());
    opened.push(database);
    return database;
  }

  const known = knownMigrations();
  const next = (text: string): Migration => ({ version: known.length + 1, name: 'next', sql: text });
  const newer = [...known, next('ALTER TABLE items ADD COLUMN mood text;')];

  it('are numbered without gaps', () => {
    expect(known.map(({ version }) => version)).toEqual(known.map((_, index) => index + 1));
  });

  it('are applied once, whoever starts at the same time', async () => {
    const url = await server.createDatabase();
    const libraries = await Promise.all(Array.from({ length: 4 }, () => openLibrary(url)));
    await Promise.all(libraries.map((library) => library.close()));
    const { db } = await emptyDatabase();
    expect(await migrate(db)).toEqual(known.map(({ version }) => version));
    expect(await migrate(db)).toEqual([]);
    expect(await migrate(db, newer)).toEqual([known.length + 1]);
  });

  it('make what the code expects', async () => {
    const { db } = await emptyDatabase();
    await migrate(db);
    const rows = rowsOf<{ name: string; column: string; type: string; required: boolean }>(
      await db.execute(sql`
        SELECT c.relname AS name, a.attname AS column, format_type(a.atttypid, a.atttypmod) AS type,
               a.attnotnull AS required
        FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
        WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' AND a.attnum > 0 AND NOT a.attisdropped
          AND c.relname <> 'migrations'`),
    );
    const inDatabase = rows.map(({ name, column, type, required }) => `${name}.${column} ${type} ${required}`);
    const tables = Object.values(schema).filter((one) => is(one, PgTable));
    const inCode = tables.flatMap((table) =>
      Object.values(getTableColumns(table)).map((column) => {
        const type = column.getSQLType().replace('timestamp (3) with', 'timestamp(3) with');
        return `${getTableName(table)}.${column.name} ${type} ${column.notNull}`;
      }),
    );
    expect(inDatabase.sort()).toEqual(inCode.sort());
  });

  it('are refused when one is not what was applied', async () => {
    const { db } = await emptyDatabase();
    await migrate(db, newer);
    const changed = [...known, next('ALTER TABLE items ADD COLUMN temper text;')];
    await expect(migrate(db, changed)).rejects.toMatchObject({ code: 'drift' });
    await expect(migrate(db, newer.slice(1))).resolves.toEqual([]);
  });

  it('let an older build use a database that a newer one only added to', async () => {
    const { db } = await emptyDatabase();
    await migrate(db, newer);
    expect(await migrate(db, known)).toEqual([]);
  });

  it('keep an older build out where a newer one says so', async () => {
    const { db } = await emptyDatabase();
    await migrate(db, [...known, next('-- incompatible: titles have moved\nALTER TABLE items DROP COLUMN title;')]);
    await expect(migrate(db, known)).rejects.toMatchObject({ code: 'newer' });
  });

  it('leave nothing behind when one fails', async () => {
    const { db } = await emptyDatabase();
    await expect(migrate(db, [...known, next('ALTER TABLE nothing ADD COLUMN a text;')])).rejects.toThrow();
    const [row] = rowsOf<{ name: string | null }>(await db.execute(sql`SELECT to_regclass('items')::text AS name`));
    expect(row?.name).toBeNull();
  });
});
