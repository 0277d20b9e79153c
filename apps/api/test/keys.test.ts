import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Service, startService } from '@sotto/testkit';
import { wav } from './support/media.ts';
import { expectError, formOf, type Reply, send } from './support/replies.ts';

const ADMIN = 'the admin key';
let service: Service;
let urls: string[];

beforeAll(async () => {
  service = await startService({
    workers: 0,
    apiEnv: { ENABLE_API_KEY: 'true', API_KEY: 'the first key', ADMIN_API_KEY: ADMIN, ENABLE_RATE_LIMIT: 'false' },
  });
  const others = await Promise.all([service.addApi(), service.addApi()]);
  urls = [service.url, ...others.map(({ url }) => url)];
});

afterAll(async () => {
  await service?.close({ leftovers: true });
});

const admin = (method: string, path: string, body?: object, key = ADMIN): Promise<Reply> =>
  send(service.url + path, {
    method,
    headers: { 'X-API-Key': key, ...(body && { 'Content-Type': 'application/json' }) },
    ...(body && { body: JSON.stringify(body) }),
  });

interface Made {
  id: string;
  key: string;
}

async function make(form: object = {}): Promise<Made> {
  const { status, json } = await admin('POST', '/admin/keys', { name: 'a test', ...form });
  expect(status).toBe(201);
  return { id: String(json?.id), key: String(json?.key) };
}

let hertz = 300;
/** A recording nobody has sent before. */
function post(key: string, fields: Record<string, string> = {}, url = service.url): Promise<Reply> {
  hertz += 1;
  const body = formOf({ bytes: wav(300, hertz) }, { async: 'true', ...fields });
  return send(`${url}/transcribe`, { method: 'POST', body, headers: { 'X-API-Key': key } });
}

const verify = (key: string, url = service.url) => send(`${url}/auth/verify`, { headers: { 'X-API-Key': key } });

describe('/admin/keys', () => {
  it('makes, shows, changes, rotates and revokes a key; every process knows at once', async () => {
    const { id, key } = await make({ name: 'Bazarr', concurrent_jobs: 4, expires_at: '2999-01-01T00:00:00Z' });
    expect((await verify(key, urls[1])).json).toEqual({
      keys_enabled: true,
      key_id: id,
      name: 'Bazarr',
      scopes: ['transcribe', 'read'],
      expires_at: '2999-01-01T00:00:00.000Z',
    });
    const listed = await admin('GET', '/admin/keys');
    expect(listed.text).toContain(id);
    expect(listed.text).not.toContain(key);

    const changed = await admin('POST', `/admin/keys/${id}`, { concurrent_jobs: null, weight: 3 });
    expect(changed.json).toMatchObject({ name: 'Bazarr', concurrent_jobs: null, weight: 3, status: 'active' });
    const rotated = await admin('POST', `/admin/keys/${id}/rotate`, {});
    expectError(await verify(key, urls[2]), 403, 'forbidden');
    expect((await verify(String(rotated.json?.key), urls[2])).status).toBe(200);

    expect((await admin('DELETE', `/admin/keys/${id}`)).json).toMatchObject({ status: 'revoked' });
    expectError(await verify(String(rotated.json?.key), urls[1]), 403, 'forbidden');
    expectError(await admin('POST', `/admin/keys/${id}/rotate`, {}), 404, 'key_not_found');
  });

  it('refuses what cannot be a key, and knows no other', async () => {
    expectError(await admin('POST', '/admin/keys', { name: '', weight: 0, colour: 'red' }), 422, 'invalid_parameter');
    expectError(await admin('POST', '/admin/keys'), 415, 'unsupported_media_type');
    expectError(await admin('GET', '/admin/keys/nothing'), 404, 'key_not_found');
    expectError(await admin('DELETE', '/admin/keys/nothing'), 404, 'key_not_found');
  });

  it('opens to a key with that scope, which may do nothing else', async () => {
    const { key } = await make({ scopes: ['admin'] });
    expect((await admin('GET', '/admin/keys', undefined, key)).status).toBe(200);
    expectError(await send(`${service.url}/jobs`, { headers: { 'X-API-Key': key } }), 403, 'forbidden');
    const { key: other } = await make();
    expectError(await admin('GET', '/admin/keys', undefined, other), 403, 'forbidden');
  });
});

describe('a key', () => {
  it('that has expired is refused', async () => {
    const { key } = await make({ expires_at: '2020-01-01T00:00:00Z' });
    expectError(await verify(key), 403, 'forbidden');
    expectError(await post(key), 403, 'forbidden');
  });

  it('may do what its scopes say', async () => {
    const { key } = await make({ scopes: ['read'] });
    expect((await send(`${service.url}/jobs`, { headers: { 'X-API-Key': key } })).status).toBe(200);
    expectError(await post(key), 403, 'forbidden');
  });

  it('sees only what is its own', async () => {
    const [mine, other] = [await make(), await make({ scopes: ['transcribe', 'read', 'admin'] })];
    const id = String((await post(mine.key)).json?.job_id);
    const as = (key: string) => ({ headers: { 'X-API-Key': key } });
    for (const path of [`/status/${id}`, `/jobs/${id}`, `/jobs/${id}/result`, `/jobs/${id}/events`]) {
      expectError(await send(service.url + path, as(other.key)), 404, 'job_not_found');
    }
    expectError(await send(`${service.url}/jobs/${id}`, { method: 'DELETE', ...as(other.key) }), 404, 'job_not_found');
    expect((await send(`${service.url}/jobs`, as(other.key))).json?.jobs).toEqual([]);
    expect((await send(`${service.url}/status/${id}`, as(mine.key))).status).toBe(200);
  });

  it('has its own requests per minute, exact over all processes', async () => {
    const { key } = await make({ requests_per_minute: 37 });
    const replies = await Promise.all(Array.from({ length: 200 }, (_, i) => post(key, {}, String(urls[i % 3]))));
    const statuses = replies.map(({ status }) => status);
    expect(statuses.filter((status) => status === 202)).toHaveLength(37);
    expect(statuses.filter((status) => status === 429)).toHaveLength(163);
    const refused = replies.find(({ status }) => status === 429);
    expect(refused?.headers.get('ratelimit-policy')).toBe('"default";q=37;w=60');
  });

  it('has only so many jobs at a time, exact over all processes, and may always join one', async () => {
    const { key } = await make({ concurrent_jobs: 5 });
    const replies = await Promise.all(Array.from({ length: 24 }, (_, i) => post(key, {}, String(urls[i % 3]))));
    expect(replies.filter(({ status }) => status === 202)).toHaveLength(5);
    const refused = replies.filter(({ status }) => status !== 202);
    for (const reply of refused) expectError(reply, 429, 'key_full');
    expect(Number(refused[0]?.headers.get('retry-after'))).toBeGreaterThan(0);
    const { key: one } = await make({ concurrent_jobs: 1 });
    const body = () => formOf({ bytes: wav(300, 299) }, { async: 'true' });
    const again = () =>
      send(`${service.url}/transcribe`, { method: 'POST', body: body(), headers: { 'X-API-Key': one } });
    expect([(await again()).status, (await again()).status, (await post(one)).status]).toEqual([202, 202, 429]);
  });

  it('may use only its models, and raise priority only if it may', async () => {
    const { key } = await make({ models: ['tiny'], may_raise_priority: true });
    expectError(await post(key, { model: 'base' }), 403, 'forbidden');
    expect((await post(key, { model: 'tiny', priority: 'interactive' })).status).toBe(202);
    const { key: usual } = await make();
    expectError(await post(usual, { priority: 'interactive' }), 403, 'forbidden');
  });
});
