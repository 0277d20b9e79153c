import { sql } from 'drizzle-orm';
import { Accounts } from './accounts/accounts.ts';
import type { Database } from './database/database.ts';
import { migrate } from './database/migrations.ts';
import { openDatabase } from './database/open.ts';
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
 * @param onError of idle connections
 * @throws LibraryError; whatever the database throws while it is away (`isDatabaseAway`)
 */
export async function openLibrary(url: string, onError?: (error: Error) => void): Promise<Library> {
  const database = await openDatabase(url, onError);
  try {
    await migrate(database.db);
  } catch (error) {
    await database.close();
    throw error;
  }
  return new Library(database);
}
