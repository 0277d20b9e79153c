import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type DumpedKey, PREVIOUS_COMMIT, REPOSITORY, restoreRedis, type ServicePlace, withAge } from '@sotto/testkit';
import type { Recordings, Slice } from './recordings.ts';

/**
 * What a service of an earlier build has left in Redis and in its storage when all of its processes died: a file of JSON
 * per state, whose times do not age, and recordings that its blobs are slices of.
 */
export interface Frozen {
  /** Of its keys. */
  prefix: string;
  /** How it was configured, as far as it matters for what it left. */
  env: Record<string, string>;
  jobs: FrozenJob[];
  /** Ids and secrets of whatever else there is to look at, by name. */
  known: Record<string, string>;
  blobs: Record<string, Slice>;
  redis: DumpedKey[];
}

/** A job that its client knows of, and its end. */
export interface FrozenJob {
  id: string;
  /** What it is in this state, for people. */
  what: string;
  ends: 'completed' | 'failed' | 'cancelled';
  /** Its words. */
  text?: string;
  /** Code it fails with. */
  error?: string;
}

export const FROZEN_FOLDER = join(REPOSITORY, 'apps/api/test/frozen', PREVIOUS_COMMIT.slice(0, 7));

/** Stands for the address of the server that webhooks go to. */
export const RECEIVER = '<receiver>';

const STATE_FILE = /^state-(.+)\.json$/;
const fileOf = (state: string): string => join(FROZEN_FOLDER, `state-${state}.json`);

export async function frozenStates(): Promise<string[]> {
  return (await readdir(FROZEN_FOLDER)).flatMap((file) => STATE_FILE.exec(file)?.[1] ?? []);
}

/** As if its service had died so long ago. `receiver`: origin of the server that its webhooks go to. */
export async function readFrozen(state: string, receiver: string, agoMs: number): Promise<Frozen> {
  const text = await readFile(fileOf(state), 'utf8');
  const frozen = JSON.parse(withAge(text, Date.now() - agoMs).replaceAll(RECEIVER, receiver)) as Frozen;
  const redis = frozen.redis.flatMap((one) => {
    if (one.ttlMs === undefined) return one;
    return one.ttlMs > agoMs ? { ...one, ttlMs: one.ttlMs - agoMs } : [];
  });
  return { ...frozen, redis };
}

export async function writeFrozen(state: string, text: string): Promise<void> {
  await writeFile(fileOf(state), text);
}

/** Puts it into a Redis and a folder that are empty. */
export async function restoreFrozen(frozen: Frozen, place: ServicePlace, recordings: Recordings): Promise<void> {
  for (const [key, slice] of Object.entries(frozen.blobs)) {
    const file = join(place.blobFolder, key);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, recordings.slice(slice));
  }
  await restoreRedis(place.redis.client(), frozen.redis);
}
