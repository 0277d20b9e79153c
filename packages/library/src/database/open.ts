import { LibraryError } from '../library-error.ts';
import type { Database } from './database.ts';
import { openPostgres } from './postgres.ts';

const PGLITE = 'pglite:';

/**
 * @param url `postgres://…`, or `pglite:FOLDER`
 * @param onError of connections that are lost
 * @throws LibraryError `locked`, `folder`
 */
export async function openDatabase(url: string, onError?: (error: Error) => void): Promise<Database> {
  if (!url.startsWith(PGLITE)) return openPostgres(url, onError);
  // 15 MB of WebAssembly that nobody needs who has a server.
  const { openPglite } = await import('./pglite.ts').catch((cause: unknown) => {
    throw new LibraryError('folder', 'PGlite is not installed here: use PostgreSQL (DATABASE_URL).', { cause });
  });
  return openPglite(url.slice(PGLITE.length));
}
