import type { Stats } from 'node:fs';
import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { errorCodeOf } from '@sotto/runtime';
import { guarded } from './storage-error.ts';
import { isWriterDead } from './temporary-name.ts';

/** Removes files of writers that died, or that stood still for `olderThanMs`; resolves to the number removed. */
export async function sweepFolder(folder: string, olderThanMs: number): Promise<number> {
  let removed = 0;
  for (const name of await guarded(() => namesIn(folder))) {
    const path = join(folder, name);
    const found = await guarded(() => statOrNull(path));
    if (found === null) continue;
    // Any write moves mtime on, so a slow but living upload is never old.
    if (!isWriterDead(name) && Date.now() - found.mtimeMs < olderThanMs) continue;
    await guarded(() => rm(path, { force: true }));
    removed += 1;
  }
  return removed;
}

/** None where there is no such folder. */
export async function namesIn(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if (errorCodeOf(error) === 'ENOENT' || errorCodeOf(error) === 'ENOTDIR') return [];
    throw error;
  }
}

/** null: there is no such file. */
export async function statOrNull(path: string): Promise<Stats | null> {
  try {
    const found = await stat(path);
    return found.isFile() ? found : null;
  } catch (error) {
    if (errorCodeOf(error) === 'ENOENT') return null;
    throw error;
  }
}
