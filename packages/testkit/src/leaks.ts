import { readdir } from 'node:fs/promises';
import { join, relative } from 'node:path';
import type { Redis } from 'ioredis';

/** A running service looks at its storage by writing one of these, at any moment. */
export const isProbe = (name: string): boolean => name.endsWith('.probe');

/** Files below a folder, relative to it, without the probes of a running service; none when there is no such folder. */
export async function filesUnder(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  const files = entries.filter((entry) => entry.isFile() && !isProbe(entry.name));
  return files.map((entry) => relative(folder, join(entry.parentPath, entry.name)));
}

/**
 * Keys of a queue that BullMQ keeps for ever by design (its retention is by count and age, never by Redis TTL). What
 * would mean unfinished work (wait, active, prioritized, delayed, waiting-children) is not among them.
 */
const BULLMQ_BOOKKEEPING = new Set([
  '',
  'id',
  'meta',
  'events',
  'marker',
  'completed',
  'failed',
  'stalled-check',
  'repeat',
  'pc',
  'metrics',
]);
const BULLMQ_UNFINISHED = new Set([
  'wait',
  'active',
  'prioritized',
  'delayed',
  'waiting-children',
  'paused',
  'stalled',
]);

/**
 * Keys under `prefix` that would stay in Redis for ever: no TTL, and not BullMQ's own bookkeeping. `queues` are BullMQ's
 * queue names; the hashes of its finished jobs count as bookkeeping, its lists of unfinished ones do not.
 */
export async function lastingKeys(redis: Redis, prefix: string, queues: readonly string[]): Promise<string[]> {
  const lasting: string[] = [];
  for (const key of await keysUnder(redis, prefix)) {
    if ((await redis.pttl(key)) === -1 && !(await isBookkeeping(redis, key, prefix, queues))) lasting.push(key);
  }
  return lasting.sort();
}

/** Names of BullMQ's queues under a prefix: each has a key for its own settings. */
export async function queuesUnder(redis: Redis, prefix: string): Promise<string[]> {
  const settings = (await keysUnder(redis, prefix)).filter((key) => key.endsWith(':meta'));
  return settings.map((key) => key.slice(prefix.length + 1, -':meta'.length));
}

async function keysUnder(redis: Redis, prefix: string): Promise<string[]> {
  const keys = new Set<string>();
  let cursor = '0';
  do {
    const [next, batch] = await redis.scan(cursor, 'MATCH', `${prefix}:*`, 'COUNT', 1_000);
    for (const key of batch) keys.add(key);
    cursor = next;
  } while (cursor !== '0');
  return [...keys];
}

async function isBookkeeping(redis: Redis, key: string, prefix: string, queues: readonly string[]): Promise<boolean> {
  const queue = queues.find((name) => key === `${prefix}:${name}` || key.startsWith(`${prefix}:${name}:`));
  if (queue === undefined) return false;
  const rest = key.slice(`${prefix}:${queue}`.length + 1);
  if (BULLMQ_UNFINISHED.has(rest)) return false;
  if (BULLMQ_BOOKKEEPING.has(rest.split(':')[0] ?? '')) return true;
  return isFinishedJob(redis, `${prefix}:${queue}`, rest);
}

/** A job's hash or its dependants (`ID`, `ID:processed`, `ID:logs`), the job itself being in completed or failed. */
async function isFinishedJob(redis: Redis, queueKey: string, rest: string): Promise<boolean> {
  const candidates = [rest, rest.slice(0, Math.max(rest.lastIndexOf(':'), 0))].filter((id) => id !== '');
  for (const id of candidates) {
    if ((await redis.zscore(`${queueKey}:completed`, id)) !== null) return true;
    if ((await redis.zscore(`${queueKey}:failed`, id)) !== null) return true;
  }
  return false;
}
