import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { PGlite } from '@electric-sql/pglite';
import { sql } from 'drizzle-orm';
import { drizzle } from 'drizzle-orm/pglite';
import { LibraryError } from '../library-error.ts';
import type { Database } from './database.ts';
import { lockFolder } from './folder-lock.ts';
import { Statistics } from './statistics.ts';

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
  const client = await openClient(folder).catch(async (cause: unknown) => {
    await lock.release();
    throw new LibraryError('folder', `${folder} cannot be opened as a database.`, { cause });
  });
  const db = drizzle({ client });
  const statistics = new Statistics(db);
  return {
    db,
    kind: 'pglite',
    alone: (work) => work(db),
    maintain: async () => {
      // Never in a transaction; one statement at a time.
      await db.execute(sql`VACUUM`);
      await statistics.refresh();
    },
    close: async () => {
      await client.close();
      await lock.release();
    },
  };
}

async function openClient(folder: string): Promise<PGlite> {
  const dataDir = `${folder}/database`;
  if (!existsSync(dataDir)) await initialize(dataDir);
  const client = new PGlite({ dataDir, startParams: START });
  await client.waitReady;
  return client;
}

const START = [...PGlite.defaultStartParams, ...SETTINGS.flatMap((setting) => ['-c', setting])];

const PACKAGE = fileURLToPath(new URL('../../', import.meta.url));

const INITIALIZE = `
  const [dataDir] = process.argv.slice(1);
  const { PGlite } = await import('@electric-sql/pglite');
  await (await PGlite.create({ dataDir })).close();
`;

/**
 * Makes an empty database: in a process of its own, as that takes 700 MB for a moment, and under another name, so that one
 * that is there is whole.
 */
async function initialize(dataDir: string): Promise<void> {
  const staged = `${dataDir}.new`;
  await rm(staged, { recursive: true, force: true });
  const args = ['--input-type=module', '--eval', INITIALIZE, resolve(staged)];
  // Text to be evaluated finds packages from where it runs.
  await promisify(execFile)(process.execPath, args, { cwd: PACKAGE, env: {} });
  await rename(staged, dataDir);
}
