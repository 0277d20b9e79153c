import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { wireAuditPageSchema } from '@sotto/contracts';
import { type Service, startService, waitFor } from '@sotto/testkit';
import { WebSocket } from 'ws';
import { Browser } from './support/browser.ts';
import { wav } from './support/media.ts';
import { expectError, formOf, type Reply, send } from './support/replies.ts';

const FIRST = 'the first key';
const ADMIN = 'the admin key';
let service: Service;

beforeAll(async () => {
  service = await startService({
    workers: 0,
    apiEnv: { ENABLE_API_KEY: 'true', API_KEY: FIRST, ADMIN_API_KEY: ADMIN, CORS_ORIGINS: 'https://friend.example' },
  });
});

afterAll(async () => {
  await service?.close({ leftovers: true });
});

const admin = (method: string, path: string, body?: object): Promise<Reply> =>
  send(service.url + path, {
    method,
    headers: { 'X-API-Key': ADMIN, ...(body && { 'Content-Type': 'application/json' }) },
    ...(body && { body: JSON.stringify(body) }),
  });

async function makeKey(form: object = {}): Promise<{ id: string; key: string }> {
  const { json } = await admin('POST', '/admin/keys', { name: 'a test', ...form });
  return { id: String(json?.id), key: String(json?.key) };
}

async function signedIn(key: string, url = service.url): Promise<Browser> {
  const browser = new Browser(url);
  expect((await browser.signIn(key)).status).toBe(200);
  return browser;
}

const statusOf = async (browser: Browser): Promise<number> => (await browser.get('/auth/verify')).status;
const entriesOf = (json: Reply['json']) => wireAuditPageSchema.parse(json).entries;
const job = () => ({ body: formOf({ bytes: wav() }, { async: 'true' }) });

describe('signing in with an API key', () => {
  it('gives the browser a cookie that stands for it, until it signs out', async () => {
    const { id, key } = await makeKey({ name: 'Anna' });
    const browser = new Browser(service.url);
    expect(await browser.session()).toMatchObject({
      signed_in: false,
      keys_enabled: true,
      role: null,
      key: null,
      csrf_token: null,
      sign_in: { key: true, oidc: null },
    });
    const reply = await browser.signIn(key);
    expect(reply.json).toMatchObject({ signed_in: true, role: 'user', user: null, key: { id, name: 'Anna' } });
    expect(browser.lastCookies).toEqual([
      expect.stringMatching(/^sotto=[\w-]{43}; Max-Age=604800; Path=\/; Expires=[^;]+; HttpOnly; SameSite=Lax$/),
    ]);
    expect(reply.text).not.toContain(key);
    expect((await browser.get('/auth/verify')).json).toMatchObject({ key_id: id });
    expect((await browser.send('POST', '/transcribe', job())).status).toBe(202);
    expect((await browser.get('/jobs')).json?.jobs).toHaveLength(1);
    expectError(await browser.get('/admin/keys'), 403, 'forbidden');

    expect((await browser.send('DELETE', '/auth/session')).json).toEqual({ sign_out_url: null });
    expect(browser.cookies.size).toBe(0);
    expectError(await browser.get('/jobs'), 401, 'unauthorized');
  });

  it('opens /admin for an operator', async () => {
    const browser = await signedIn(ADMIN);
    expect(await browser.session()).toMatchObject({ role: 'operator', key: { id: 'admin', name: 'admin' } });
    expect((await browser.get('/admin/keys')).status).toBe(200);
    expect((await browser.get('/admin/queues')).status).toBe(200);
    expect((await browser.sendJson('POST', '/admin/keys', { name: 'made in a page' })).status).toBe(201);
  });

  it('is refused with a wrong key, and slowed down', async () => {
    const api = await service.addApi({ WRONG_KEYS_PER_MINUTE: '2' });
    const browser = new Browser(api.url);
    expectError(await browser.signIn('a wrong key'), 403, 'forbidden');
    expectError(await browser.signIn('another one'), 403, 'forbidden');
    expectError(await browser.signIn(FIRST), 429, 'rate_limit_exceeded');
    expect(browser.cookies.size).toBe(0);
    expectError(await browser.sendJson('POST', '/auth/session', {}), 422, 'invalid_parameter');
    const refused = async () => {
      const { json } = await admin('GET', '/admin/audit?action=login.refused');
      return entriesOf(json)
        .filter(({ path }) => path === '/auth/session')
        .map(({ error }) => error);
    };
    await waitFor(async () => (await refused()).length === 3, { what: 'entries of refused sign-ins' });
    expect(await refused()).toEqual(['rate_limit_exceeded', 'forbidden', 'forbidden']);
  });

  it('never makes a session of a cookie that was there before', async () => {
    const { key } = await makeKey();
    const [victim, attacker] = [new Browser(service.url), await signedIn(FIRST)];
    const planted = attacker.cookies.get('sotto') ?? '';
    victim.cookies.set('sotto', planted);
    await victim.signIn(key);
    expect(victim.cookies.get('sotto')).not.toBe(planted);
    expect(await statusOf(victim)).toBe(200);
    // The session that the browser had has ended, so that nobody else goes on in it.
    expect(await statusOf(attacker)).toBe(401);
    const invented = new Browser(service.url);
    invented.cookies.set('sotto', 'A'.repeat(43));
    await invented.signIn(key);
    expect(invented.cookies.get('sotto')).not.toBe('A'.repeat(43));
  });

  it('is kept to TLS where the service is reached over TLS', async () => {
    const api = await service.addApi({ PUBLIC_URL: 'https://sotto.example.org' });
    const browser = await signedIn(FIRST, api.url);
    expect(browser.lastCookies).toEqual([expect.stringMatching(/^__Host-sotto=.*; HttpOnly; Secure; SameSite=Lax$/)]);
    expect(await statusOf(browser)).toBe(200);
    const plain = new Browser(api.url);
    plain.cookies.set('sotto', browser.cookies.get('__Host-sotto') ?? '');
    expect(await statusOf(plain)).toBe(401);
  });
});

describe('a session', () => {
  it('uses the dashboard, whose page knows no CSRF token, from there only', async () => {
    const api = await service.addApi({ DASHBOARD_WRITABLE: 'true' });
    const operator = await signedIn(ADMIN, api.url);
    operator.csrfToken = null;
    const pause = (headers: Record<string, string>) =>
      operator.send('PUT', '/admin/queues/api/queues/windows/pause', { headers });
    expectError(await pause({ 'Sec-Fetch-Site': 'cross-site' }), 403, 'origin_not_allowed');
    expectError(await pause({ 'Sec-Fetch-Site': 'same-site', Origin: api.url }), 403, 'origin_not_allowed');
    // A friend may read and send with a key, and cannot use the dashboard through somebody's browser.
    const friend = { 'Sec-Fetch-Site': 'cross-site', Origin: 'https://friend.example' };
    expectError(await pause(friend), 403, 'csrf_token_wrong');
    expect((await pause({})).status).toBe(200);
    expectError(await operator.send('POST', '/admin/reload'), 403, 'csrf_token_wrong');
  });

  it('changes nothing without its CSRF token, wherever the request comes from', async () => {
    const { key } = await makeKey();
    const browser = await signedIn(key);
    const { csrfToken } = browser;
    for (const token of [null, '', 'x', csrfToken?.slice(1) ?? '', (await signedIn(key)).csrfToken]) {
      browser.csrfToken = token;
      expectError(await browser.send('POST', '/transcribe', job()), 403, 'csrf_token_wrong');
      expectError(await browser.send('DELETE', '/auth/sessions'), 403, 'csrf_token_wrong');
    }
    browser.csrfToken = csrfToken;
    expect((await browser.send('POST', '/transcribe', job())).status).toBe(202);
    const foreign = { 'Sec-Fetch-Site': 'cross-site', Origin: 'https://evil.example' };
    expectError(await browser.send('POST', '/transcribe', { ...job(), headers: foreign }), 403, 'origin_not_allowed');
    // A key that is sent on purpose needs neither.
    const keyed = await send(`${service.url}/transcribe`, {
      method: 'POST',
      headers: { 'X-API-Key': key, Cookie: browser.cookieHeader, ...foreign },
      ...job(),
    });
    expect(keyed.status).toBe(202);
  });

  it('reads the events of a job, as a stream and over a WebSocket from its own pages', async () => {
    const browser = await signedIn(FIRST);
    const id = String((await browser.send('POST', '/transcribe', job())).json?.job_id);
    const leaving = new AbortController();
    const headers = { Cookie: browser.cookieHeader };
    const stream = await fetch(`${service.url}/jobs/${id}/events`, { headers, signal: leaving.signal });
    expect(stream.headers.get('content-type')).toMatch(/text\/event-stream/);
    leaving.abort();

    const address = `${service.url.replace('http', 'ws')}/jobs/${id}/events`;
    const socket = new WebSocket(address, { headers: { ...headers, Origin: service.url } });
    await once(socket, 'open');
    socket.close();
    await once(socket, 'close');
    const refused = new WebSocket(address, { headers: { ...headers, Origin: 'https://evil.example' } });
    const [, response] = await once(refused, 'unexpected-response');
    expect(response.statusCode).toBe(403);
    response.resume();
  });

  it('is listed to its own key, and ended from another browser, or all at once', async () => {
    const { key } = await makeKey();
    const [desk, phone, other] = [await signedIn(key), await signedIn(key), await signedIn(FIRST)];
    const listed = (await desk.get('/auth/sessions')).json?.sessions as { id: string; current: boolean }[];
    expect(listed.map(({ current }) => current).sort()).toEqual([false, true]);
    const id = listed.find(({ current }) => !current)?.id;
    expectError(await other.send('DELETE', `/auth/sessions/${id}`), 404, 'session_not_found');
    expect((await desk.send('DELETE', `/auth/sessions/${id}`)).status).toBe(204);
    expect([await statusOf(phone), await statusOf(desk)]).toEqual([401, 200]);
    const laptop = await signedIn(key);
    expect((await desk.send('DELETE', '/auth/sessions')).status).toBe(204);
    expect([await statusOf(laptop), await statusOf(desk), await statusOf(other)]).toEqual([401, 401, 200]);
  });

  it('ends with its key', async () => {
    const { id, key } = await makeKey();
    const browser = await signedIn(key);
    const rotated = await admin('POST', `/admin/keys/${id}/rotate`, { grace_seconds: 60 });
    expect(await statusOf(browser)).toBe(200);
    const again = await signedIn(String(rotated.json?.key));
    await admin('POST', `/admin/keys/${id}/rotate`, {});
    expect([await statusOf(browser), await statusOf(again)]).toEqual([401, 401]);
    const { id: gone, key: revoked } = await makeKey();
    const last = await signedIn(revoked);
    await admin('DELETE', `/admin/keys/${gone}`);
    expect(await statusOf(last)).toBe(401);
    expect(await last.session()).toMatchObject({ signed_in: false });
    expect(last.cookies.size).toBe(0);
    const changed = await service.addApi({ API_KEY: 'another first key' });
    const first = await signedIn(FIRST);
    const there = new Browser(changed.url);
    there.cookies.set('sotto', first.cookies.get('sotto') ?? '');
    expect([await statusOf(first), await statusOf(there)]).toEqual([200, 401]);
  });

  it('ends when it is not used, and after its time however much it is used', async () => {
    const [idle, short] = await Promise.all([
      service.addApi({ SESSION_IDLE_TIME: '1' }),
      service.addApi({ SESSION_MAX_TIME: '1' }),
    ]);
    const unused = await signedIn(FIRST, String(idle?.url));
    const redis = service.redis.client();
    const id = createHash('sha256')
      .update(String(unused.cookies.get('sotto')))
      .digest('base64url');
    const isThere = async () => (await redis.exists(`${service.prefix}:session:${id}`)) === 1;
    await waitFor(async () => !(await isThere()), { what: 'the unused session to end' });
    expectError(await unused.get('/jobs'), 401, 'unauthorized');
    const used = await signedIn(FIRST, String(short?.url));
    await waitFor(async () => (await statusOf(used)) === 401, { what: 'the session to end', intervalMs: 50 });
  });

  it('is told in the audit log', async () => {
    const { id, key } = await makeKey();
    const browser = await signedIn(key);
    await browser.send('DELETE', '/auth/session');
    const actions = async () => {
      const { json } = await admin('GET', `/admin/audit?key_id=${id}`);
      return entriesOf(json).map(({ action }) => action);
    };
    await waitFor(async () => (await actions()).length === 2, { what: 'two entries' });
    expect(await actions()).toEqual(['session.end', 'session.create']);
  });
});

describe('with keys off', () => {
  it('there is one local owner, whom pages of other origins cannot act for', async () => {
    const api = await service.addApi({ ENABLE_API_KEY: 'false', ALLOW_OPEN_ACCESS: 'true', ADMIN_API_KEY: '' });
    const browser = new Browser(api.url);
    const state = await browser.session();
    expect(state).toMatchObject({ signed_in: true, keys_enabled: false, role: 'operator', csrf_token: null });
    expect((await browser.send('POST', '/transcribe', job())).status).toBe(202);
    expect((await browser.get('/auth/sessions')).json).toEqual({ sessions: [] });

    const post = async (headers: Record<string, string>) => {
      const reply = await send(`${api.url}/transcribe`, { method: 'POST', headers, ...job() });
      return reply.status === 403 ? reply.json?.error : reply.status;
    };
    const evil = 'https://evil.example';
    expect(await post({})).toBe(202);
    expect(await post({ Origin: api.url })).toBe(202);
    expect(await post({ Origin: evil })).toBe('origin_not_allowed');
    expect(await post({ Origin: 'null' })).toBe('origin_not_allowed');
    expect(await post({ 'Sec-Fetch-Site': 'cross-site', Origin: evil })).toBe('origin_not_allowed');
    expect(await post({ 'Sec-Fetch-Site': 'same-site', Origin: 'http://127.0.0.1:1' })).toBe('origin_not_allowed');
    expect(await post({ 'Sec-Fetch-Site': 'cross-site', Origin: 'https://friend.example' })).toBe(202);
    // A proxy has changed the Host header; the browser knows better.
    expect(await post({ 'Sec-Fetch-Site': 'same-origin', Origin: 'https://sotto.example.org' })).toBe(202);
  });
});
