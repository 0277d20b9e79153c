import { request } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Service, startService } from '@sotto/testkit';
import { wav } from './support/media.ts';
import { expectError, formOf, send } from './support/replies.ts';

const KEY = 'the first key';
const ADMIN = 'the admin key';
const OPEN = [
  '/',
  '/health',
  '/health/live',
  '/health/ready',
  '/docs',
  '/redoc',
  '/openapi.json',
  '/asyncapi.json',
  '/status',
];
let service: Service;

beforeAll(async () => {
  service = await startService({
    workers: 0,
    apiEnv: {
      ENABLE_API_KEY: 'true',
      API_KEY: KEY,
      ADMIN_API_KEY: ADMIN,
      // What is turned off is refused with 403, too, and here that is to mean a key.
      ENABLE_KNOWN_VOICES: 'true',
      // Each address is asked with a wrong one.
      WRONG_KEYS_PER_MINUTE: '1000',
    },
  });
});

afterAll(async () => {
  await service?.close({ leftovers: true });
});

const basic = (key: string): string => `Basic ${Buffer.from(`anybody:${key}`).toString('base64')}`;

interface Operation {
  method: string;
  path: string;
  tag: string;
}

async function operations(): Promise<Operation[]> {
  const { json } = await send(`${service.url}/openapi.json`);
  const paths = json?.paths as Record<string, Record<string, { tags: string[] }>>;
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, { tags }]) => ({ method: method.toUpperCase(), path, tag: String(tags[0]) })),
  );
}

/** What anybody may ask that has no key: who is signed in, and to be. No identity provider is set up here. */
const DOOR: Record<string, number> = {
  'GET /auth/session': 200,
  'POST /auth/session': 415,
  'GET /auth/oidc/start': 403,
  'GET /auth/oidc/callback': 403,
};

/** Where only the admin key opens. */
const OPERATORS = /^\/(admin|metrics)/;

/** Where no key opens anything: only people, who sign in with an identity provider, and a library, which is off here. */
const SHUT = /^\/(auth\/(profile|keys)|library|admin\/(feedback|library))/;

/** Dialects answer in shapes of their own; clients of OpenAI and Deepgram know no 403 for a wrong key. */
const DIALECTS: Record<string, { wrong: number }> = {
  openai: { wrong: 401 },
  deepgram: { wrong: 401 },
  asr: { wrong: 403 },
};

describe('with keys on', () => {
  it('asks for one at every address but health and documentation', async () => {
    for (const { method, path, tag } of await operations()) {
      const address = service.url + path.replace('{id}', '00000000-0000-4000-8000-000000000000');
      const [none, wrong, right] = await Promise.all([
        send(address, { method }),
        send(address, { method, headers: { 'X-API-Key': 'a wrong key' } }),
        send(address, { method, headers: { 'X-API-Key': OPERATORS.test(path) ? ADMIN : KEY } }),
      ]);
      // Links into the library need no key.
      const door = path.startsWith('/shared/') ? 404 : DOOR[`${method} ${path}`];
      if (door !== undefined) {
        expect([path, none.status, wrong.status, right.status]).toEqual([path, door, door, door]);
        continue;
      }
      if (!SHUT.test(path)) expect([401, 403]).not.toContain(right.status);
      // A browser asks with OPTIONS whether it may send a key.
      if (OPEN.includes(path) || method === 'OPTIONS') {
        const welcome = method === 'OPTIONS' ? 204 : 200;
        expect([none.status, wrong.status]).toEqual([welcome, welcome]);
        continue;
      }
      const dialect = DIALECTS[tag];
      expect([path, none.status, wrong.status]).toEqual([path, 401, dialect?.wrong ?? 403]);
      if (dialect !== undefined || method === 'HEAD') continue;
      expectError(none, 401, 'unauthorized');
      expect(none.headers.get('www-authenticate')).toMatch(/Bearer/);
      expectError(wrong, 403, 'forbidden');
    }
  });

  it.each([
    ['X-API-Key', { 'X-API-Key': KEY }, 200],
    ['Bearer', { Authorization: `Bearer ${KEY}` }, 200],
    ['Token', { Authorization: `Token ${KEY}` }, 200],
    ['another key as Bearer', { Authorization: 'Bearer nothing' }, 403],
    ['Basic', { Authorization: basic(KEY) }, 200],
    ['another key as Basic', { Authorization: basic('a wrong key') }, 403],
    ['an empty key', { 'X-API-Key': '' }, 401],
    ['half a key', { 'X-API-Key': KEY.slice(0, -1) }, 403],
  ])('takes %s', async (_how, headers, status) => {
    expect((await send(`${service.url}/models`, { headers })).status).toBe(status);
  });

  it('refuses an upload without a key before it reads it', async () => {
    const body = formOf({ bytes: wav(60_000) });
    expectError(await send(`${service.url}/transcribe`, { method: 'POST', body }), 401, 'unauthorized');
  });

  it('shows a key its own jobs only', async () => {
    const as = (key: string) => ({ headers: { 'X-API-Key': key } });
    const body = formOf({ bytes: wav() }, { async: 'true' });
    const { json } = await send(`${service.url}/transcribe`, { method: 'POST', body, ...as(KEY) });
    const id = String(json?.job_id);
    for (const path of [`/status/${id}`, `/jobs/${id}`, `/jobs/${id}/result`, `/jobs/${id}/events`]) {
      expectError(await send(service.url + path, as(ADMIN)), 404, 'job_not_found');
    }
    expectError(await send(`${service.url}/jobs/${id}`, { method: 'DELETE', ...as(ADMIN) }), 404, 'job_not_found');
    const other = formOf({ bytes: wav() }, { async: 'true' });
    const same = await send(`${service.url}/transcribe`, { method: 'POST', body: other, ...as(ADMIN) });
    expect((await send(`${service.url}/jobs`, as(KEY))).json?.jobs).toHaveLength(1);
    expect((await send(`${service.url}/status/${id}`, as(KEY))).status).toBe(200);
    expect((await send(`${service.url}/status/${String(same.json?.job_id)}`, as(KEY))).status).toBe(404);
  });

  it('lets only a key that may raise the priority of a job', async () => {
    const post = (key: string, priority: string) =>
      send(`${service.url}/transcribe`, {
        method: 'POST',
        headers: { 'X-API-Key': key },
        body: formOf({ bytes: wav() }, { async: 'true', priority }),
      });
    expectError(await post(KEY, 'interactive'), 403, 'forbidden');
    expect((await post(KEY, 'batch')).status).toBe(202);
    expect((await post(ADMIN, 'interactive')).status).toBe(202);
  });

  it('opens /admin to the admin key alone', async () => {
    const dashboard = `${service.url}/admin/queues`;
    expectError(await send(dashboard), 401, 'unauthorized');
    expectError(await send(dashboard, { headers: { 'X-API-Key': KEY } }), 403, 'forbidden');
    expect((await send(dashboard, { headers: { Authorization: basic(ADMIN) } })).status).toBe(200);
  });
});

/** fetch does not let a test choose the Host header. */
function statusWithHost(url: string, host: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const asked = request(`${url}/admin/queues`, { headers: { Host: host } }, (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    });
    asked.once('error', reject).end();
  });
}

/** The service has a first key, which must not be off by mistake. */
const KEYS_OFF = { ENABLE_API_KEY: 'false', ALLOW_OPEN_ACCESS: 'true' };

describe('/admin with keys off', () => {
  it('answers this machine, and nobody who comes through a proxy or a strange name', async () => {
    const api = await service.addApi({ ...KEYS_OFF, ADMIN_API_KEY: '' });
    const dashboard = `${api.url}/admin/queues`;
    expect((await send(dashboard)).status).toBe(200);
    expectError(await send(dashboard, { headers: { 'X-Forwarded-For': '127.0.0.1' } }), 403, 'forbidden');
    expect(await statusWithHost(api.url, 'evil.example')).toBe(403);
    expect(await statusWithHost(api.url, 'localhost:8000')).toBe(200);
  });

  it('answers strangers with the admin key', async () => {
    const api = await service.addApi({ ...KEYS_OFF });
    const from = { 'X-Forwarded-For': '203.0.113.1' };
    expectError(await send(`${api.url}/admin/queues`, { headers: from }), 401, 'unauthorized');
    const withKey = { ...from, 'X-API-Key': ADMIN };
    expect((await send(`${api.url}/admin/queues`, { headers: withKey })).status).toBe(200);
  });

  it('only shows, unless it may write, and then only to its own page', async () => {
    const pause = (url: string, origin: string) =>
      send(`${url}/admin/queues/api/queues/windows/pause`, { method: 'PUT', headers: { Origin: origin } });
    const readOnly = await service.addApi({ ...KEYS_OFF, ADMIN_API_KEY: '' });
    expect((await pause(readOnly.url, readOnly.url)).status).toBe(405);
    const writable = await service.addApi({
      ...KEYS_OFF,
      ADMIN_API_KEY: '',
      DASHBOARD_WRITABLE: 'true',
    });
    expectError(await pause(writable.url, 'http://evil.example'), 403, 'origin_not_allowed');
    expect((await pause(writable.url, writable.url)).status).toBe(200);
  });
});

describe('browsers', () => {
  it('of other origins may not call, unless they are named', async () => {
    const headers = { Origin: 'https://page.example', 'X-API-Key': KEY };
    const closed = await send(`${service.url}/models`, { headers });
    expect(closed.headers.get('access-control-allow-origin')).toBeNull();
    const api = await service.addApi({ CORS_ORIGINS: 'https://page.example, https://other.example' });
    const open = await send(`${api.url}/models`, { headers });
    expect(open.headers.get('access-control-allow-origin')).toBe('https://page.example');
    expect(open.headers.get('access-control-expose-headers')).toMatch(/X-Request-Id/);
    const preflight = await send(`${api.url}/transcribe`, {
      method: 'OPTIONS',
      headers: { Origin: 'https://other.example', 'Access-Control-Request-Method': 'POST' },
    });
    expect(preflight.status).toBe(204);
    const stranger = await send(`${api.url}/models`, { headers: { ...headers, Origin: 'https://evil.example' } });
    expect(stranger.headers.get('access-control-allow-origin')).toBeNull();
  });

  it('are told to guess and embed nothing', async () => {
    const { headers } = await send(`${service.url}/docs`);
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('content-security-policy')).toMatch(/default-src 'self'/);
    expect(headers.get('x-powered-by')).toBeNull();
  });
});
