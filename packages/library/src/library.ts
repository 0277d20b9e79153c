import { sql } from 'drizzle-orm';
import { Accounts } from './accounts/accounts.ts';
import type { Database } from './database/database.ts';
import { migrate } from './database/migrations.ts';
import { openDatabase } from './database/open.ts';
import type { Db } from './database/schema.ts';
import { isEmpty, type RestoreDumpOptions, restoreDump } from './dump/restore-dump.ts';
import { writeDump } from './dump/write-dump.ts';
import { FeedbackNotes } from './feedback/feedback.ts';
import { Folders } from './folders/folders.ts';
import { Archives } from './items/archives.ts';
import { Edits } from './items/edits.ts';
import { Items } from './items/items.ts';
import { Links } from './links/links.ts';
import { type ItemPage, type ListQuery, listItems } from './search/list.ts';

/** The library in one database, with all migrations applied. */
export class Library {
  readonly items: Items;
  readonly archives: Archives;
  readonly edits: Edits;
  readonly folders: Folders;
  readonly links: Links;
  readonly feedback: FeedbackNotes;
  readonly accounts: Accounts;
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
    this.items = new Items(database.db);
    this.archives = new Archives(database.db);
    this.edits = new Edits(database.db);
    this.folders = new Folders(database.db);
    this.links = new Links(database.db);
    this.feedback = new FeedbackNotes(database.db);
    this.accounts = new Accounts(database.db);
  }

  get kind(): Database['kind'] {
    return this.#database.kind;
  }

  list(query: ListQuery): Promise<ItemPage> {
    return listItems(this.#database.db, query);
  }

  /** As `dumpLibrary`. In PGlite, everything else waits until it is done. */
  async dump(write: (line: string) => Promise<void>): Promise<void> {
    await this.#database.alone((db) => writeDump(db, write));
  }

  /** Resolves when the database answers. */
  async ping(): Promise<void> {
    await this.#database.db.execute(sql`SELECT 1`);
  }

  /** Statistics and free space, where nothing in the database sees to them by itself. */
  maintain(): Promise<void> {
    return this.#database.maintain();
  }

  close(): Promise<void> {
    return this.#database.close();
  }
}

/**
 * Opens the database and brings its tables up to date.
 *
 * @param url `postgres://…` (PostgreSQL 14 or newer), or `pglite:FOLDER`
 * @param onError of connections that are lost
 * @throws LibraryError; whatever the database throws while it is away (`isDatabaseAway`)
 */
export async function openLibrary(url: string, onError?: (error: Error) => void): Promise<Library> {
  const database = await openDatabase(url, onError);
  try {
    await database.alone((db) => migrate(db));
  } catch (error) {
    await database.close();
    throw error;
  }
  return new Library(database);
}

/**
 * Writes all rows as they are at one moment, as lines of text (dump/format.ts). Its tables stay as they are, whatever
 * version made them.
 *
 * @returns how many rows; null: there is no library in this database yet
 * @throws LibraryError `newer`, `locked`, `folder`; what `write` throws
 */
export function dumpLibrary(url: string, write: (line: string) => Promise<void>): Promise<number | null> {
  return withDatabase(url, (db) => writeDump(db, write));
}

/**
 * Puts a dump in place of an empty library, or with `replace` of any, in one step.
 *
 * @throws LibraryError `not_empty`, `newer`, `drift`, `damaged`, `locked`, `folder`; what `read` throws
 */
export function restoreLibrary(url: string, options: RestoreDumpOptions): Promise<void> {
  return withDatabase(url, (db) => restoreDump(db, options));
}

/** Whether nothing is kept there. @throws LibraryError `locked`, `folder` */
export function isLibraryEmpty(url: string): Promise<boolean> {
  return withDatabase(url, isEmpty);
}

async function withDatabase<T>(url: string, work: (db: Db) => Promise<T>): Promise<T> {
  const database = await openDatabase(url);
  try {
    return await database.alone(work);
  } finally {
    await database.close();
  }
}
