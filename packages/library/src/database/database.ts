import type { Db } from './schema.ts';

/** A database of the library, whichever it is. */
export interface Database {
  db: Db;
  kind: 'postgres' | 'pglite';
  /** Work that takes as long as it takes, on a connection of its own. */
  alone<T>(work: (db: Db) => Promise<T>): Promise<T>;
  /** Statistics and free space, where nothing in the database sees to them by itself. */
  maintain(): Promise<void>;
  close(): Promise<void>;
}
