import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Child, freePort, nanoModelDir, type RedisServer, startRedis, temporaryFolder, waitFor } from '@sotto/testkit';

export interface CheckoutApi {
  url: string;
  redis: RedisServer;
  process: Child;
  close(): Promise<void>;
}

export interface CheckoutOptions {
  /** Modules that Node loads before the API. */
  preloads?: readonly URL[];
  env?: Record<string, string>;
}

/** The API of a checkout, from its source, with a Redis and a folder of its own. */
export async function startApiOf(
  checkout: string,
  { preloads = [], env = {} }: CheckoutOptions = {},
): Promise<CheckoutApi> {
  const [redis, folder, port] = await Promise.all([startRedis(), temporaryFolder('checkout'), freePort()]);
  const tsx = pathToFileURL(join(checkout, 'node_modules/tsx/dist/loader.mjs'));
  const imports = [tsx, ...preloads].flatMap(({ href }) => ['--import', href]);
  const api = await Child.start({
    name: `api of ${checkout}`,
    command: process.execPath,
    args: [...imports, '--conditions=@sotto/source', join(checkout, 'apps/api/src/main.ts')],
    cwd: folder,
    env: {
      HOST: '127.0.0.1',
      PORT: String(port),
      REDIS_URL: redis.url,
      TEMP_DIR: join(folder, 'blobs'),
      WHISPER_MODEL: 'sotto-nano',
      WHISPER_MODEL_DIR: await nanoModelDir(),
      ENABLE_RATE_LIMIT: 'false',
      ...env,
    },
  });
  const url = `http://127.0.0.1:${port}`;
  const close = async () => {
    await api.kill9();
    await redis.close();
    await rm(folder, { recursive: true, force: true });
  };
  try {
    const isReady = async () =>
      api.exit !== null || (await fetch(`${url}/health/ready`).catch(() => null))?.ok === true;
    await waitFor(isReady, { what: `the API of ${checkout}`, timeoutMs: 60_000 });
    if (api.exit !== null) throw new Error(`The API of ${checkout} does not start.\n${api.tail()}`);
    return { url, redis, process: api, close };
  } catch (error) {
    await close();
    throw error;
  }
}
