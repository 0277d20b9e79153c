import { randomUUID } from 'node:crypto';
import { readFileSync, readlinkSync } from 'node:fs';
import { link, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { LibraryError } from '../library-error.ts';

const BEAT_MS = 2_000;
/** A holder that has not been heard for so long is dead. */
const STALE_MS = 10_000;

interface Holder {
  token: string;
  pid: number;
  /** Where a pid means this process: the boot, the pid namespace and when it started; null: not known here. */
  process: string | null;
}

export interface FolderLock {
  release(): Promise<void>;
}

/**
 * Lets one process at a time use a folder, also where several containers share it. Node has no flock, so it is a file
 * `lock` that its holder touches every two seconds. free -> held -> free (released, or its holder is dead: its process
 * is gone, where that can be known, or it has not been heard for ten seconds).
 *
 * @throws LibraryError `locked`
 */
export async function lockFolder(folder: string): Promise<FolderLock> {
  const path = `${folder}/lock`;
  const own: Holder = { token: randomUUID(), pid: process.pid, process: processName(process.pid) };
  const staged = `${path}.${own.token}`;
  await writeFile(staged, JSON.stringify(own));
  try {
    while (!(await takes(staged, path))) {
      const holder = await holderOf(path);
      if (holder !== null && !holder.isDead) {
        throw new LibraryError(
          'locked',
          `${folder} is open in another process (${holder.pid}). PGlite serves one API process: for several, use PostgreSQL (DATABASE_URL).`,
        );
      }
      // Of several that find a dead holder, one moves its lock away; who comes later moves nothing that is alive.
      if (holder !== null) await moveAway(path, holder.token);
    }
  } finally {
    await rm(staged, { force: true });
  }
  const beat = setInterval(() => {
    const now = new Date();
    // Refused where the folder is gone: then there is nothing to hold.
    utimes(path, now, now).catch(() => {});
  }, BEAT_MS);
  beat.unref();
  return {
    release: async () => {
      clearInterval(beat);
      if ((await holderOf(path))?.token === own.token) await rm(path, { force: true });
    },
  };
}

/** A hard link is made by one only. */
async function takes(staged: string, path: string): Promise<boolean> {
  try {
    await link(staged, path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

async function holderOf(path: string): Promise<{ token: string; pid: number; isDead: boolean } | null> {
  try {
    const [text, { mtimeMs }] = [await readFile(path, 'utf8'), await stat(path)];
    const holder = JSON.parse(text) as Holder;
    const isSilent = Date.now() - mtimeMs > STALE_MS;
    return { token: holder.token, pid: holder.pid, isDead: isSilent || isGone(holder) };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

async function moveAway(path: string, token: string): Promise<void> {
  const away = `${path}.${randomUUID()}`;
  try {
    await rename(path, away);
    const moved = JSON.parse(await readFile(away, 'utf8')) as Holder;
    // Another was quicker, and has taken the lock since.
    if (moved.token !== token) await link(away, path);
  } catch (error) {
    if (!['ENOENT', 'EEXIST'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
  } finally {
    await rm(away, { force: true });
  }
}

/** Whether a holder on this machine is known to have ended. */
function isGone({ pid, process: name }: Holder): boolean {
  if (name === null) return false;
  const here = processName(process.pid);
  if (here === null || placeOf(here) !== placeOf(name)) return false;
  return processName(pid) !== name;
}

const placeOf = (name: string): string => name.slice(0, name.lastIndexOf(' '));

/** Linux: boot, pid namespace, and the start time in /proc/PID/stat (proc(5), field 22); null: not running, or not known. */
function processName(pid: number): string | null {
  try {
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
    const namespace = readlinkSync('/proc/self/ns/pid');
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    if (fields[0] === 'Z') return null;
    return `${boot} ${namespace} ${fields[19]}`;
  } catch {
    return null;
  }
}
