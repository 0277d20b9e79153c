import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import type { ReadableStream } from 'node:stream/web';
import { reach } from '../connection/admin.ts';
import { CommandError } from '../exit-codes.ts';
import type { Settings } from '../settings.ts';

const PGLITE = 'pglite:';

/** Loaded by whoever needs a database, not at each start of `sotto`. */
const load = () => import('@sotto/library');

/** The database of a service's library, where there is one. */
export interface LibraryPlace {
  /**
   * Writes all that is in it, as it is at one moment (`dumpLibrary`).
   *
   * @returns false: there is no library
   * @throws CommandError
   */
  dump(write: (line: string) => Promise<void>): Promise<boolean>;
  /** @throws CommandError */
  isEmpty(): Promise<boolean>;
  /** Puts a dump in place of what is there (`restoreLibrary`). @throws CommandError */
  restore(read: (put: (line: string) => Promise<void>) => Promise<void>): Promise<void>;
}

/** @returns null: the service has no library */
export function libraryPlaceOf({ databaseUrl, home }: Settings): LibraryPlace | null {
  if (databaseUrl === 'none') return null;
  const folder = databaseUrl.startsWith(PGLITE) ? resolve(home, databaseUrl.slice(PGLITE.length)) : null;
  const url = folder === null ? databaseUrl : `${PGLITE}${folder}`;
  const isMade = () => folder === null || existsSync(`${folder}/database`);
  return {
    dump: async (write) => {
      if (!isMade()) return false;
      const { dumpLibrary, LibraryError } = await load();
      try {
        return (await dumpLibrary(url, write)) !== null;
      } catch (error) {
        // PGlite is in the process of the API, which alone can read it.
        if (error instanceof LibraryError && error.code === 'locked') return dumpByService(write);
        throw await asCommandError(error);
      }
    },
    isEmpty: async () => !isMade() || (await (await load()).isLibraryEmpty(url).catch(rethrow)),
    restore: async (read) => (await load()).restoreLibrary(url, { replace: true, read }).catch(rethrow),
  };
}

async function dumpByService(write: (line: string) => Promise<void>): Promise<boolean> {
  const answer = await reach({}, 'GET', '/admin/library/dump');
  if (answer.body === null) throw new CommandError('The service has sent nothing of its library.');
  const lines = createInterface({ input: Readable.fromWeb(answer.body as ReadableStream), crlfDelay: Infinity });
  let last = '';
  for await (const line of lines) {
    await write(line);
    last = line.slice(0, 100);
  }
  if (!last.startsWith('{"type":"end"')) throw new CommandError('The service has not sent all of its library.');
  return true;
}

const rethrow = async (error: unknown): Promise<never> => {
  throw await asCommandError(error);
};

/** What the database says is for the operator; anything else of a restore is passed on. */
async function asCommandError(error: unknown): Promise<unknown> {
  const { LibraryError } = await load();
  if (error instanceof LibraryError) return new CommandError(error.message, undefined, { cause: error });
  return error;
}
