import { mkdir } from 'node:fs/promises';
import { PGlite } from '@electric-sql/pglite';
import { sql } from 'drizzle-orm';
import { drizzle } from 'drizzle-orm/pglite';
import { LibraryError } from '../library-error.ts';
import type { Database } from './database.ts';
import { lockFolder } from './folder-lock.ts';

/** The defaults suit a server with many connections: 128 MB of buffers, for one. */
const SETTINGS = ['shared_buffers=16MB', 'wal_buffers=1MB', 'max_connections=5'];

/**
 * PostgreSQL in this process, with its files in a folder. One process may have it open.
 *
 * @throws LibraryError `locked`, `folder`
 */
export async function openPglite(folder: string): Promise<Database> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const lock = await lockFolder(folder);
  const startParams = [...PGlite.defaultStartParams, ...SETTINGS.flatMap((setting) => ['-c', setting])];
  const client = new PGlite({ dataDir: `${folder}/database`, startParams });
  try {
    await client.waitReady;
  } catch (cause) {
    await lock.release();
    throw new LibraryError('folder', `${folder} cannot be opened as a database.`, { cause });
  }
  const db = drizzle({ client });
  return {
    db,
    kind: 'pglite',
    maintain: async () => {
      // Never in a transaction; one statement at a time.
      await db.execute(sql`VACUUM ANALYZE`);
    },
    close: async () => {
      await client.close();
      await lock.release();
    },
  };
}
