import { resolve } from 'node:path';
import { COMPUTE_TYPES, type ComputeType } from '@sotto/contracts';
import {
  EnvError,
  envChoice,
  envInteger,
  envList,
  envRedisUrl,
  envText,
  envUrl,
  parseEnv,
  sharedEnv,
} from '@sotto/runtime';
import { z } from 'zod';
import { CommandError, EXIT } from './exit-codes.ts';
import { homeOf } from './home.ts';

/** What `sotto` itself reads; the API and the worker read the rest of the same environment. */
const cliEnv = z.object({
  HOST: envText().default('127.0.0.1').meta({ description: 'Address the API listens on.' }),
  PORT: envInteger(0, 65_535).default(8000).meta({ description: 'Port the API listens on; 0: any free one.' }),
  REDIS_URL: envRedisUrl().optional().meta({ description: 'A Redis of your own; else one is started.', secret: 'url' }),
  DATABASE_URL: envText().optional().meta({
    description: 'Database of the library; else one of its own, in the data folder. `none`: no library.',
    secret: true,
  }),
  TEMP_DIR: sharedEnv.TEMP_DIR,
  WHISPER_MODEL: sharedEnv.WHISPER_MODEL,
  WHISPER_MODEL_DIR: sharedEnv.WHISPER_MODEL_DIR,
  WHISPER_COMPUTE_TYPE: envChoice(COMPUTE_TYPES)
    .default('float16')
    .meta({ description: 'Which file of a model is taken.' }),
  WHISPER_DEVICE: envList()
    .default([])
    .meta({ description: 'Where models run; a worker for each, when it is a list.' }),
  MODEL_BASE_URL: envUrl('http', 'https').optional().meta({ description: 'Mirror of the official models.' }),
  SOTTO_SERVER: envUrl('http', 'https').optional().meta({ description: 'Service that `sotto transcribe` uses.' }),
  API_KEY: envText().optional().meta({ description: 'Key sent to the service.', secret: true }),
  ADMIN_API_KEY: envText().optional().meta({ description: 'Key that `sotto keys` sends.', secret: true }),
});

export interface Settings {
  home: string;
  host: string;
  port: number;
  /** null: start one. */
  redisUrl: string | null;
  /** Of the library. */
  databaseUrl: string;
  /** Everything that `sotto up` keeps; uploads and models have their own settings. */
  dataFolder: string;
  blobFolder: string;
  model: string;
  modelDir: string;
  computeType: ComputeType;
  /** A worker for each; empty: one, on what it finds. */
  devices: string[];
  modelBaseUrl: string | null;
  server: string | null;
  apiKey: string | null;
  adminApiKey: string | null;
}

/** @throws CommandError naming every problem of the environment and `.env`. */
export function readSettings(env: NodeJS.ProcessEnv): Settings {
  const home = homeOf(env);
  const values = readEnvironment((source, dotenvPath) => parseEnv(cliEnv, source, dotenvPath), env);
  return {
    home,
    host: values.HOST,
    port: values.PORT,
    redisUrl: values.REDIS_URL ?? null,
    databaseUrl: values.DATABASE_URL ?? `pglite:${resolve(home, 'data', 'library')}`,
    dataFolder: resolve(home, 'data'),
    blobFolder: resolve(home, values.TEMP_DIR),
    model: values.WHISPER_MODEL,
    modelDir: resolve(home, values.WHISPER_MODEL_DIR),
    computeType: values.WHISPER_COMPUTE_TYPE,
    devices: values.WHISPER_DEVICE,
    modelBaseUrl: values.MODEL_BASE_URL ?? null,
    server: values.SOTTO_SERVER ?? null,
    apiKey: values.API_KEY ?? null,
    adminApiKey: values.ADMIN_API_KEY ?? null,
  };
}

/** What `read` makes of the environment and of `.env` in the home folder. @throws CommandError naming every problem. */
export function readEnvironment<T>(
  read: (source: NodeJS.ProcessEnv, dotenvPath: string) => T,
  env: NodeJS.ProcessEnv = process.env,
): T {
  try {
    return read(env, resolve(homeOf(env), '.env'));
  } catch (error) {
    if (error instanceof EnvError) throw new CommandError(error.message, EXIT.usage);
    throw error;
  }
}
