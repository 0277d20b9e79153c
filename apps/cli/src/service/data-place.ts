import { resolve } from 'node:path';
import { parseEnv, type RedisAddress, redisAddressOf, sharedEnv } from '@sotto/runtime';
import { type BlobStore, openBlobStore, storageEnv } from '@sotto/storage';
import { z } from 'zod';
import { CommandError } from '../exit-codes.ts';
import { freePort } from '../processes/free-port.ts';
import { Supervisor } from '../processes/supervisor.ts';
import { readEnvironment, type Settings } from '../settings.ts';
import { findService, takeDataFolder } from './presence.ts';
import { redisFolder, redisProgram } from './programs.ts';

/** Where a service keeps everything that outlives its processes. */
export interface DataPlace {
  redisUrl: string;
  prefix: string;
  blobs: BlobStore;
  /** How long results are kept. */
  resultTtlMs: number;
}

const placeEnv = z.object({
  ...storageEnv,
  TEMP_DIR: sharedEnv.TEMP_DIR,
  QUEUE_PREFIX: sharedEnv.QUEUE_PREFIX,
  JOB_RESULT_TTL: sharedEnv.JOB_RESULT_TTL,
  REDIS_PASSWORD: sharedEnv.REDIS_PASSWORD,
});

const REDIS_TIMEOUT_MS = 60_000;

/**
 * Works with the data of the service that REDIS_URL names, or else of the one on this machine: while it does not run,
 * its Redis is started for the time that `work` takes, and nobody else can start it.
 */
export async function withDataPlace<T>(settings: Settings, work: (place: DataPlace) => Promise<T>): Promise<T> {
  const env = readEnvironment((source, dotenv) => parseEnv(placeEnv, source, dotenv));
  const place = {
    prefix: env.QUEUE_PREFIX,
    blobs: await openBlobStore({ ...env, TEMP_DIR: resolve(settings.home, env.TEMP_DIR) }),
    resultTtlMs: env.JOB_RESULT_TTL * 1000,
  };
  const at = (redisUrl: string) => work({ ...place, redisUrl });
  if (settings.redisUrl !== null) return at(serverOf(redisAddressOf({ ...env, REDIS_URL: settings.redisUrl })));
  const running = await findService(settings.dataFolder);
  if (running === null) return withOwnRedis(settings, at);
  if (running.redisUrl === null) throw new CommandError(`Sotto at ${running.url} is still starting.`);
  return at(running.redisUrl);
}

/** It is read as a replica reads its master, which takes one server. */
function serverOf({ url, sentinels, clusterNodes }: RedisAddress): string {
  if (sentinels === undefined && clusterNodes === undefined) return url;
  throw new CommandError('This needs the address of one server: set REDIS_URL to that of the master.');
}

async function withOwnRedis<T>(settings: Settings, work: (redisUrl: string) => Promise<T>): Promise<T> {
  const presence = { pid: process.pid, url: `http://${settings.host}:${settings.port}`, redisUrl: null };
  const giveBack = await takeDataFolder(settings.dataFolder, () => presence);
  if (giveBack === null) throw new CommandError(`Another process has just taken ${settings.dataFolder}.`);
  const supervisor = new Supervisor({ onLine: () => {}, onRestart: () => {} });
  try {
    const port = await freePort('127.0.0.1');
    if (port === null) throw new CommandError('There is no free port on this machine.');
    await supervisor.start(await redisProgram(redisFolder(settings.dataFolder), port), REDIS_TIMEOUT_MS);
    return await work(`redis://127.0.0.1:${port}/0`);
  } finally {
    await supervisor.stop();
    await giveBack();
  }
}
