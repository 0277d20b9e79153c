import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { IdentityProviderServer, type Service, startService } from '@sotto/testkit';
import { Browser } from './support/browser.ts';
import { visitProvider } from './support/identity-provider.ts';
import { wav } from './support/media.ts';
import { expectError, formOf, type Reply, send } from './support/replies.ts';

const ADMIN = 'the admin key';
let provider: IdentityProviderServer;
let service: Service;

beforeAll(async () => {
  provider = await IdentityProviderServer.open();
  // No group of operators: the first user is one.
  service = await startService({ workers: 0, apiEnv: { ...provider.settings, ADMIN_API_KEY: ADMIN } });
});

afterAll(async () => {
  await service?.close({ leftovers: true });
  await provider?.stop();
});

async function signedIn(login: string): Promise<Browser> {
  const browser = new Browser(service.url);
  const started = await browser.get('/auth/oidc/start');
  await browser.get(await visitProvider(provider, browser, String(started.headers.get('location')), login));
  await browser.session();
  return browser;
}

async function makeKey(browser: Browser, form: object = {}): Promise<{ id: string; key: string }> {
  const { status, json } = await browser.sendJson('POST', '/auth/keys', { name: 'my script', ...form });
  expect(status).toBe(201);
  return { id: String(json?.id), key: String(json?.key) };
}

const as = (key: string, method: string, path: string, body?: string | FormData): Promise<Reply> =>
  send(service.url + path, {
    method,
    headers: { 'X-API-Key': key, ...(typeof body === 'string' && { 'Content-Type': 'application/json' }) },
    ...(body !== undefined && { body }),
  });
const submit = (key: string, ms = 1_000): Promise<Reply> =>
  as(key, 'POST', '/transcribe', formOf({ bytes: wav(ms) }, { async: 'true' }));

describe('a profile', () => {
  it('is its user’s: name, language, and what pages fill in', async () => {
    const [first, ben] = [await signedIn('first'), await signedIn('ben')];
    expect((await first.get('/auth/profile')).json).toMatchObject({ role: 'operator', defaults: {} });
    const before = (await ben.get('/auth/profile')).json;
    expect(before).toMatchObject({ name: 'ben of the tests', role: 'user', language: null });
    const changes = { name: ' <b>Ben</b> ', language: 'de', defaults: { diarize: true, model: 'base' } };
    expect((await ben.sendJson('PATCH', '/auth/profile', changes)).json).toEqual({
      ...before,
      ...changes,
      name: '<b>Ben</b>',
    });
    await expect((await signedIn('ben')).session()).resolves.toMatchObject({
      user: { name: '<b>Ben</b>', language: 'de' },
    });
    expect((await first.get('/auth/profile')).text).not.toContain('Ben');
    for (const wrong of [{ name: ' ' }, { language: 'German' }, { defaults: { 'A b': 1 } }, { role: 'operator' }]) {
      expectError(await ben.sendJson('PATCH', '/auth/profile', wrong), 422, 'invalid_parameter');
    }
    ben.csrfToken = null;
    expectError(await ben.sendJson('PATCH', '/auth/profile', changes), 403, 'csrf_token_wrong');
  });

  it('has nobody who is no user', async () => {
    const { json } = await as(ADMIN, 'POST', '/admin/keys', JSON.stringify({ name: 'a program' }));
    for (const key of [ADMIN, String(json?.key)]) {
      expectError(await as(key, 'GET', '/auth/profile'), 403, 'forbidden');
      expectError(await as(key, 'GET', '/auth/keys'), 403, 'forbidden');
      expectError(await as(key, 'POST', '/auth/keys', '{"name":"x"}'), 403, 'forbidden');
    }
  });
});

describe('a key that a user has made', () => {
  it('opens the account of its user, under the user’s limits', async () => {
    const carla = await signedIn('carla');
    const { id, key } = await makeKey(carla);
    const user = (await carla.session()).user as { id: string };
    expect((await as(key, 'GET', '/auth/verify')).json).toMatchObject({ key_id: user.id, name: 'my script' });
    await as(ADMIN, 'POST', `/admin/keys/${user.id}`, JSON.stringify({ concurrent_jobs: 2 }));
    const job = String((await submit(key)).json?.job_id);
    expect((await carla.get(`/status/${job}`)).status).toBe(200);
    const other = await makeKey(carla);
    expect((await submit(other.key, 1_100)).status).toBe(202);
    // Two keys are not twice as much.
    expectError(await submit(other.key, 1_200), 429, 'key_full');
    expect((await carla.get('/auth/keys')).json?.keys).toMatchObject([{ id, status: 'active' }, { id: other.id }]);
    expect((await carla.get('/auth/keys')).text).not.toContain(key);
    const dora = await signedIn('dora');
    expect((await dora.get('/auth/keys')).json).toEqual({ keys: [] });
    expectError(await dora.send('DELETE', `/auth/keys/${id}`), 404, 'key_not_found');
    expectError(await as((await makeKey(dora)).key, 'GET', `/status/${job}`), 404, 'job_not_found');
  });

  it('may do no more than its user, and make no others', async () => {
    const eva = await signedIn('eva');
    expectError(await eva.sendJson('POST', '/auth/keys', { name: 'x', scopes: ['admin'] }), 403, 'forbidden');
    const { key } = await makeKey(eva, { scopes: ['read'] });
    expectError(await submit(key), 403, 'forbidden');
    expect((await as(key, 'GET', '/jobs')).status).toBe(200);
    const { key: whole } = await makeKey(eva);
    expectError(await as(whole, 'POST', '/auth/keys', '{"name":"x"}'), 403, 'forbidden');
    expect((await as(whole, 'GET', '/auth/profile')).json).toMatchObject({ name: 'eva of the tests' });
    // An operator takes the user a scope: the key has it no longer.
    const user = (await eva.session()).user as { id: string };
    await as(ADMIN, 'POST', `/admin/keys/${user.id}`, JSON.stringify({ scopes: ['read'] }));
    expectError(await submit(whole), 403, 'forbidden');
  });

  it('ends when it is deleted or expires, and with its user', async () => {
    const finn = await signedIn('finn');
    const [gone, left] = [await makeKey(finn), await makeKey(finn)];
    const late = await makeKey(finn, { expires_at: '2020-01-01T00:00:00Z' });
    expectError(await as(late.key, 'GET', '/jobs'), 403, 'forbidden');
    const page = new Browser(service.url);
    await page.signIn(gone.key);
    expect((await finn.send('DELETE', `/auth/keys/${gone.id}`)).status).toBe(204);
    expectError(await as(gone.key, 'GET', '/jobs'), 403, 'forbidden');
    expectError(await page.get('/jobs'), 401, 'unauthorized');
    expect((await as(ADMIN, 'GET', '/admin/keys')).text).not.toContain(gone.id);
    expect((await as(left.key, 'GET', '/jobs')).status).toBe(200);
    const user = (await finn.session()).user as { id: string };
    await as(ADMIN, 'DELETE', `/admin/keys/${user.id}`);
    expectError(await as(left.key, 'GET', '/jobs'), 403, 'forbidden');
  });

  it('is one of at most twenty', async () => {
    const gina = await signedIn('gina');
    for (let made = 0; made < 20; made += 1) await makeKey(gina);
    expectError(await gina.sendJson('POST', '/auth/keys', { name: 'one more' }), 409, 'keys_full');
  });
});
