import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connectRedis, copyServer, disconnect, KeyCopies, type KeyCopy } from '@sotto/queue';
import { CommandError } from '../../exit-codes.ts';
import { redisServer } from '../../processes/redis-server.ts';
import { Supervisor } from '../../processes/supervisor.ts';

/** Everything under a prefix as it was at one moment, in a redis-server of our own. */
export interface RedisSnapshot {
  keys(): AsyncIterable<KeyCopy>;
  /** Frees its memory. */
  close(): Promise<void>;
}

const START_TIMEOUT_MS = 30_000;
const KEPT_LINES = 12;

/** @throws CommandError when there is no redis-server here, or the other one cannot be copied. */
export async function takeSnapshot(redisUrl: string, prefix: string): Promise<RedisSnapshot> {
  if (new URL(redisUrl).protocol === 'rediss:') {
    throw new CommandError('A Redis behind TLS (rediss://) cannot be copied from here; see docs/BACKUP.md.');
  }
  const folder = await mkdtemp(join(tmpdir(), 'sotto-backup-'));
  const socket = join(folder, 'redis.sock');
  const log: string[] = [];
  const onLine = (_name: string, line: string): void => {
    log.push(line);
    if (log.length > KEPT_LINES) log.shift();
  };
  const supervisor = new Supervisor({ onLine, onRestart: () => {} });
  const copy = connectRedis(socket, 'worker');
  // Reached through a file that only its owner can open, as it has no password.
  const settings = { port: '0', unixsocket: socket, unixsocketperm: '700', appendonly: 'no', loglevel: 'notice' };
  const server = redisServer(folder, settings, { isReady: async () => copy.status === 'ready', graceMs: 5_000 });
  const close = async (): Promise<void> => {
    await disconnect(copy);
    await supervisor.stop();
    await rm(folder, { recursive: true, force: true });
  };
  try {
    await supervisor.start(server, START_TIMEOUT_MS);
    await copyServer(copy, redisUrl);
    return { keys: () => new KeyCopies(copy, prefix).read(), close };
  } catch (cause) {
    await close();
    if (cause instanceof CommandError) throw cause;
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new CommandError(`Redis cannot be copied: ${why}.\n${log.join('\n')}`, undefined, { cause });
  }
}
