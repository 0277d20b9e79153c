import { writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Service, startApp, startService, waitFor } from '@sotto/testkit';

const PASSWORD = 'p%40ss word/ä';
const KEYS = ['first-key-of-file', 'second-key-of-file'] as const;
const [FIRST, SECOND] = KEYS;

let service: Service;
let redis: ReturnType<Service['redis']['client']>;
let folder = '';

const write = (name: string, text: string) => writeFile(join(folder, name), text);
const dotenv = (...lines: string[]) => write('.env', ['API_KEY_FILE=key.txt', 'DEBUG=false', ...lines, ''].join('\n'));

beforeAll(async () => {
  service = await startService({
    roles: [['prepare']],
    env: { REDIS_PASSWORD_FILE: 'redis.txt' },
    apiEnv: { ENABLE_API_KEY: 'true' },
    begin: async (place) => {
      folder = dirname(place.blobFolder);
      redis = place.redis.client();
      await redis.config('SET', 'requirepass', PASSWORD);
      await Promise.all([dotenv('MAX_FILE_SIZE=1000'), write('key.txt', `${FIRST}\n`), write('redis.txt', PASSWORD)]);
    },
  });
});
afterAll(async () => {
  await redis?.config('SET', 'requirepass', '');
  await service?.close();
});

const call = (path: string, key: string, method = 'GET') =>
  fetch(`${service.url}${path}`, { method, headers: { 'X-API-Key': key } });
const status = async (path: string, key: string) => (await call(path, key)).status;
const reload = async (key: string) => {
  const answer = await call('/admin/reload', key, 'POST');
  return { status: answer.status, body: await answer.json() };
};

const sizeLimit = async (key: string) => {
  const form = new FormData();
  form.set('file', new Blob([new Uint8Array(3_000_000)]), 'a.wav');
  const answer = await fetch(`${service.url}/transcribe`, {
    method: 'POST',
    body: form,
    headers: { 'X-API-Key': key },
  });
  return ((await answer.json()) as { error: string }).error;
};

describe('secrets from files', () => {
  it('opens the service to the key of the file, and Redis with the password of another', async () => {
    expect(await status('/jobs', FIRST)).toBe(200);
    expect(await status('/jobs', SECOND)).toBe(403);
    expect(await status('/health/ready', FIRST)).toBe(200);
  });
});

describe('--print-config', () => {
  it('says what is in effect and where it comes from, without secrets', async () => {
    const printed = async (app: 'api' | 'worker') => {
      const env = { REDIS_URL: 'redis://me:hunter2@127.0.0.1:1/0', PORT: '8123', ENABLE_API_KEY: 'true' };
      const child = await startApp(app, { env, folder }, ['--print-config']);
      expect(await child.ended).toEqual({ code: 0, signal: null });
      return child.stdout;
    };
    const [api, worker] = await Promise.all([printed('api'), printed('worker')]);
    expect(api).toMatch(/^PORT=8123 +# environment$/m);
    expect(api).toMatch(/^MAX_FILE_SIZE=1000 +# \.env$/m);
    expect(api).toMatch(/^API_KEY=\*\*\* +# key\.txt$/m);
    expect(api).toMatch(/^HOST=127\.0\.0\.1 +# default$/m);
    expect(worker).toMatch(/^REDIS_URL=redis:\/\/\*\*\*:\*\*\*@127\.0\.0\.1:1\/0 +# environment$/m);
    expect(worker).toMatch(/^MAX_LOADED_MODELS=2 +# default$/m);
    for (const secret of ['hunter2', FIRST]) expect(api + worker).not.toContain(secret);
  });
});

describe('a configuration that is read again', () => {
  it('takes over what can change, and names what needs a restart', async () => {
    expect(await sizeLimit(FIRST)).toBe('file_too_large');
    await Promise.all([dotenv('MAX_FILE_SIZE=5000000', 'APP_NAME=other'), write('key.txt', SECOND)]);
    expect(await reload(FIRST)).toEqual({
      status: 200,
      body: { changed: ['MAX_FILE_SIZE', 'API_KEY'], needs_restart: ['APP_NAME'] },
    });
    expect(await status('/jobs', FIRST)).toBe(403);
    expect(await sizeLimit(SECOND)).toBe('invalid_file_format');
    expect(await reload(SECOND)).toMatchObject({ body: { changed: [], needs_restart: ['APP_NAME'] } });
  });

  it('stays as it was when the new one cannot be used', async () => {
    await dotenv('MAX_FILE_SIZE=many', 'API_KEY=both-are-set');
    const { status: answered, body } = await reload(SECOND);
    expect(answered).toBe(409);
    expect(body).toMatchObject({ error: 'invalid_configuration' });
    expect(JSON.stringify(body)).toContain('API_KEY and API_KEY_FILE must not both be set');
    expect(JSON.stringify(body)).toContain('MAX_FILE_SIZE must be a whole number');
    expect(await sizeLimit(SECOND)).toBe('invalid_file_format');
  });

  it('happens on SIGHUP, in the API and in a worker', async () => {
    await dotenv('MAX_FILE_SIZE=1000', 'LOG_LEVEL=debug');
    for (const { process } of [...service.apis, ...service.workers]) process.signal('SIGHUP');
    await waitFor(async () => (await sizeLimit(SECOND)) === 'file_too_large', { what: 'the API to read again' });
    const worker = service.workers[0]?.process;
    await waitFor(() => worker?.stdout.includes('"LOG_LEVEL"') === true, { what: 'the worker to read again' });
    expect(worker?.exit).toBeNull();
  });
});
