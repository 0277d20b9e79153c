import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { sql } from 'drizzle-orm';
import { LibraryError } from '../library-error.ts';
import { rowsOf } from './rows.ts';
import type { Db } from './schema.ts';

/**
 * How the tables come to be: numbered SQL files, each applied once, in order, never taken back. All that are missing are
 * applied in one transaction under an advisory lock, so that any number of processes may start at once and a death in the
 * middle leaves the database as it was.
 *
 * What was applied is recorded with its SHA-256. A file that differs from what was applied is refused. A database that
 * knows more migrations than this build was made by a newer one: it is used where each of them says that older builds may
 * (they only add), and refused where one does not. A migration that older builds must not meet begins with
 * `-- incompatible: WHY`.
 */
export interface Migration {
  version: number;
  name: string;
  sql: string;
}

const FOLDER = new URL('../../migrations/', import.meta.url);
const FILE_NAME = /^(\d{4})-([a-z0-9-]+)\.sql$/;
const INCOMPATIBLE = /^-- incompatible: /;
/** Of `pg_advisory_xact_lock`; any number that nothing else in the database uses. */
const LOCK = 7_684_250_117_446;

export function knownMigrations(): Migration[] {
  return readdirSync(FOLDER)
    .sort()
    .flatMap((file) => {
      const [, version, name] = FILE_NAME.exec(file) ?? [];
      if (version === undefined || name === undefined) return [];
      return [{ version: Number(version), name, sql: readFileSync(new URL(file, FOLDER), 'utf8') }];
    });
}

export interface Applied extends Record<string, unknown> {
  version: number;
  name: string;
  sha256: string;
  compatible: boolean;
}

/**
 * @returns the versions that were applied now
 * @throws LibraryError `drift` or `newer`; whatever the database throws
 */
export async function migrate(db: Db, known: readonly Migration[] = knownMigrations()): Promise<number[]> {
  return db.transaction(async (tx) => {
    await lockMigrations(tx);
    return applyMigrations(tx, known);
  });
}

/** Until the transaction ends, nobody else changes the tables. */
export async function lockMigrations(tx: Db): Promise<void> {
  await tx.execute(sql`SELECT pg_advisory_xact_lock(${LOCK}::bigint)`);
}

/** Those that are missing; the caller holds the lock. @returns which were applied @throws LibraryError `drift`, `newer` */
export async function applyMigrations(tx: Db, known: readonly Migration[]): Promise<number[]> {
  await tx.execute(sql`
    CREATE TABLE IF NOT EXISTS migrations (
      version integer PRIMARY KEY, name text NOT NULL, sha256 text NOT NULL, compatible boolean NOT NULL,
      applied_at timestamptz(3) NOT NULL)`);
  const applied = await appliedMigrations(tx);
  checkApplied(applied, known);
  const newest = Math.max(0, ...applied.map(({ version }) => version));
  const missing = known.filter(({ version }) => version > newest);
  for (const migration of missing) await apply(tx, migration);
  return missing.map(({ version }) => version);
}

/** In order; none where nothing was made yet. */
export async function appliedMigrations(db: Db): Promise<Applied[]> {
  if (!(await hasTable(db, 'migrations'))) return [];
  return rowsOf<Applied>(
    await db.execute(sql`SELECT version, name, sha256, compatible FROM migrations ORDER BY version`),
  );
}

export async function hasTable(db: Db, name: string): Promise<boolean> {
  const [found] = rowsOf<{ is: boolean }>(await db.execute(sql`SELECT to_regclass(${name}) IS NOT NULL AS is`));
  return found?.is === true;
}

/** @throws LibraryError `drift`, `newer` */
export function checkApplied(applied: readonly Applied[], known: readonly Migration[]): void {
  const byVersion = new Map(known.map((migration) => [migration.version, migration]));
  for (const { version, name, sha256, compatible } of applied) {
    const migration = byVersion.get(version);
    if (migration === undefined && !compatible) {
      throw new LibraryError('newer', `The database was changed by a newer version of Sotto (${version}-${name}).`);
    }
    if (migration !== undefined && hashOf(migration) !== sha256) {
      throw new LibraryError('drift', `Migration ${version}-${name} is not the one that this database was made with.`);
    }
  }
  const newest = Math.max(0, ...applied.map(({ version }) => version));
  const skipped = known.find(({ version }) => version <= newest && !applied.some((row) => row.version === version));
  if (skipped !== undefined) {
    throw new LibraryError('drift', `Migration ${skipped.version}-${skipped.name} was never applied, a later one was.`);
  }
}

async function apply(tx: Db, migration: Migration): Promise<void> {
  for (const statement of statementsOf(migration.sql)) await tx.execute(sql.raw(statement));
  const compatible = !INCOMPATIBLE.test(migration.sql);
  await tx.execute(sql`
    INSERT INTO migrations (version, name, sha256, compatible, applied_at)
    VALUES (${migration.version}, ${migration.name}, ${hashOf(migration)}, ${compatible}, now())`);
}

/** PGlite takes one statement at a time. A statement ends with a semicolon at the end of a line, outside of `$$`. */
function statementsOf(text: string): string[] {
  const statements = text.match(/(?:\$\$[\s\S]*?\$\$|(?!;\s*$)[\s\S])+/gm) ?? [];
  return statements.map((statement) => statement.replace(/^;/, '').trim()).filter((statement) => statement !== '');
}

function hashOf({ sql: text }: Migration): string {
  return createHash('sha256').update(text).digest('hex');
}
