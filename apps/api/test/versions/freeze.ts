import { readFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { dumpRedis, filesUnder, Receiver, type Service, startService, withoutAge } from '@sotto/testkit';
import { type Frozen, type FrozenJob, RECEIVER, writeFrozen } from './frozen.ts';
import type { Recordings } from './recordings.ts';

const PREFIX = 'frozen';

/** A service of an earlier build on its way into a state, and who plays its client. */
export interface Stage {
  service: Service;
  receiver: Receiver;
  recordings: Recordings;
  /** What is to be known of the state later. */
  jobs: FrozenJob[];
  known: Record<string, string>;
}

export interface StateRecipe {
  name: string;
  env: Record<string, string>;
  /** For the worker alone: how it is kept from being faster than we can kill it. */
  workerEnv?: Record<string, string>;
  workers: number;
  /** Does what clients do, and returns at the moment at which all processes are to die. */
  play(stage: Stage): Promise<void>;
}

/** The moment to kill a process may be missed: then all is played again. */
const MOST_TRIES = 10;

/** Plays a state with a real service of that build, kills it at once, and keeps what it left. */
export async function freeze(recipe: StateRecipe, build: string, recordings: Recordings): Promise<void> {
  for (let left = MOST_TRIES; ; left -= 1) {
    try {
      await writeFrozen(recipe.name, await played(recipe, build, recordings));
      return;
    } catch (error) {
      if (left === 1) throw error;
      process.stderr.write(`Once more: ${error instanceof Error ? error.message : error}\n`);
    }
  }
}

async function played(recipe: StateRecipe, build: string, recordings: Recordings): Promise<string> {
  const receiver = await Receiver.open();
  const { env, workerEnv = {}, workers } = recipe;
  const service = await startService({ build, prefix: PREFIX, env, workerEnv, workers });
  try {
    const stage: Stage = { service, receiver, recordings, jobs: [], known: {} };
    await recipe.play(stage);
    await Promise.all([...service.workers, ...service.apis].map(({ process: one }) => one.kill9()));
    return await described(stage, recipe, build);
  } finally {
    await service.close({ leftovers: true });
    await receiver.close();
  }
}

async function described({ service, receiver, recordings, jobs, known }: Stage, { env }: StateRecipe, build: string) {
  const redis = await dumpRedis(service.redis.client(), PREFIX);
  const nowMs = Date.now();
  const blobs: Frozen['blobs'] = {};
  for (const key of await filesUnder(service.blobFolder)) {
    // What is half written when its process dies is nobody's.
    if (key.startsWith('temporary/')) continue;
    blobs[key] = recordings.find(await readFile(join(service.blobFolder, key)));
  }
  const frozen: Frozen = { prefix: PREFIX, env, jobs, known, blobs, redis };
  // No names of this machine and its folders.
  const text = JSON.stringify(frozen, null, 1)
    .replaceAll(new URL(receiver.url).origin, RECEIVER)
    .replaceAll(build, '/sotto')
    .replaceAll(service.folder, '/data')
    .replaceAll(`"${hostname()}-`, '"worker-');
  return `${withoutAge(text, nowMs)}\n`;
}
