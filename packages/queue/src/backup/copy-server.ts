import { setTimeout as delay } from 'node:timers/promises';
import type { Redis } from 'ioredis';

const POLL_MS = 50;
/** Without a connection to the master and without bytes from it. */
const PATIENCE_MS = 20_000;

/**
 * Makes an empty server of ours a copy of another one at one moment: it becomes its replica, which Redis keeps exact
 * without standing still, and lets go of it once it is level. Nobody else learns of the replica: Sentinel neither counts
 * nor promotes it.
 *
 * @throws Error when the other server cannot be reached, refuses replication, or writes what ours cannot read.
 */
export async function copyServer(copy: Redis, url: string): Promise<void> {
  const { hostname, port, username, password, pathname } = new URL(url);
  await copy.config('SET', 'replica-announced', 'no');
  await copy.config('SET', 'replica-priority', '0');
  if (username !== '') await copy.config('SET', 'masteruser', decodeURIComponent(username));
  if (password !== '') await copy.config('SET', 'masterauth', decodeURIComponent(password));
  await copy.replicaof(hostname.replace(/^\[|\]$/g, ''), Number(port || 6379));
  await level(copy);
  await copy.replicaof('NO', 'ONE');
  await copy.select(Number(pathname.slice(1) || 0));
}

async function level(copy: Redis): Promise<void> {
  let heardMs = Date.now();
  let received = '';
  while (!(await isLevel())) {
    if (Date.now() - heardMs > PATIENCE_MS)
      throw new Error(`no replication from the server for ${PATIENCE_MS / 1000} s`);
    await delay(POLL_MS);
  }

  async function isLevel(): Promise<boolean> {
    const info = await copy.info('replication');
    const progress = `${fieldOf(info, 'master_sync_read_bytes')} ${fieldOf(info, 'master_sync_left_bytes')}`;
    if (progress !== received && fieldOf(info, 'master_sync_in_progress') === '1') heardMs = Date.now();
    received = progress;
    return fieldOf(info, 'master_link_status') === 'up' && fieldOf(info, 'master_sync_in_progress') === '0';
  }
}

const fieldOf = (info: string, name: string): string => new RegExp(`^${name}:(.*?)\\r?$`, 'm').exec(info)?.[1] ?? '';
