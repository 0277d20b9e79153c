import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { wireAuditPageSchema } from '@sotto/contracts';
import { IdentityProviderServer, type Service, startService, waitFor } from '@sotto/testkit';
import { Browser } from './support/browser.ts';
import { visitProvider } from './support/identity-provider.ts';
import { wav } from './support/media.ts';
import { expectError, formOf, type Reply } from './support/replies.ts';

const START = '/auth/oidc/start';
let provider: IdentityProviderServer;
let service: Service;

beforeAll(async () => {
  provider = await IdentityProviderServer.open();
  service = await startService({
    workers: 0,
    apiEnv: { ...provider.settings, OIDC_OPERATOR_GROUP: 'operators', WRONG_KEYS_PER_MINUTE: '1000' },
  });
});

afterAll(async () => {
  await service?.close({ leftovers: true });
  await provider?.stop();
});

/** Where the provider sends a browser back to that has begun to sign in. */
async function atCallback(browser: Browser, login: string, query = ''): Promise<string> {
  const started = await browser.get(START + query);
  expect(started.status).toBe(302);
  return visitProvider(provider, browser, String(started.headers.get('location')), login);
}

async function signedIn(login: string): Promise<Browser> {
  const browser = new Browser(service.url);
  const back = await browser.get(await atCallback(browser, login));
  expect([back.status, back.headers.get('location')]).toEqual([302, '/']);
  await browser.session();
  return browser;
}

const statusOf = async (browser: Browser): Promise<number> => (await browser.get('/auth/verify')).status;
const submit = (browser: Browser): Promise<Reply> =>
  browser.send('POST', '/transcribe', { body: formOf({ bytes: wav() }, { async: 'true' }) });

describe('signing in with an identity provider', () => {
  it('makes a user with a session, and leads back to where they were', async () => {
    const browser = new Browser(service.url);
    expect(await browser.session()).toMatchObject({
      signed_in: false,
      keys_enabled: true,
      sign_in: { key: true, oidc: { name: 'Test ID', url: provider.publicUrl + START } },
    });
    const started = await browser.get(`${START}?return_to=/app/library?tag=a`);
    const asked = new URL(String(started.headers.get('location')));
    expect(Object.fromEntries(asked.searchParams)).toMatchObject({
      response_type: 'code',
      code_challenge_method: 'S256',
      scope: 'openid profile email groups',
      nonce: expect.stringMatching(/^.{40,}$/),
      state: expect.stringMatching(/^.{40,}$/),
    });
    expect(browser.lastCookies).toEqual([expect.stringMatching(/^sotto-sign-in=.*; HttpOnly; SameSite=Lax$/)]);
    const back = await browser.get(await visitProvider(provider, browser, asked.href, 'ben'));
    expect(back.headers.get('location')).toBe('/app/library?tag=a');
    expect(browser.lastCookies).toEqual(
      expect.arrayContaining([expect.stringMatching(/^sotto=[\w-]{43}; Max-Age=604800; .*; HttpOnly; SameSite=Lax$/)]),
    );
    expect(await browser.session()).toMatchObject({
      signed_in: true,
      role: 'user',
      scopes: ['transcribe', 'read'],
      key: null,
      user: { name: 'ben of the tests', email: 'ben@example.org', language: null },
    });
    expectError(await browser.get('/admin/keys'), 403, 'forbidden');
  });

  it('never leads elsewhere', async () => {
    const browser = new Browser(service.url);
    const back = await browser.get(await atCallback(browser, 'ben', '?return_to=//evil.example/'));
    expect(back.headers.get('location')).toBe('/');
  });

  it('takes an answer once, in the browser that asked, with its state', async () => {
    const browser = new Browser(service.url);
    const callback = await atCallback(browser, 'ben');
    const pending = browser.cookies.get('sotto-sign-in') ?? '';
    // In another browser, whose user would be signed in as somebody else.
    expectError(await new Browser(service.url).get(callback), 403, 'sign_in_refused');
    const wrong = new URL(callback);
    wrong.searchParams.set('state', 'another');
    expectError(await browser.get(wrong.href), 403, 'sign_in_refused');
    expectError(await browser.get(callback), 403, 'sign_in_refused');
    expect(browser.cookies.has('sotto')).toBe(false);

    browser.cookies.set('sotto-sign-in', pending);
    expect((await browser.get(callback)).status).toBe(302);
    expect(await statusOf(browser)).toBe(200);
    const thief = new Browser(service.url);
    thief.cookies.set('sotto-sign-in', pending);
    expectError(await thief.get(callback), 403, 'sign_in_refused');
    expect(thief.cookies.has('sotto')).toBe(false);
  });

  it('takes no code that was made for another sign-in', async () => {
    const [browser, other] = [new Browser(service.url), new Browser(service.url)];
    const callback = new URL(await atCallback(browser, 'ben'));
    const theirs = new URL(await atCallback(other, 'anna'));
    callback.searchParams.set('code', theirs.searchParams.get('code') ?? '');
    expectError(await browser.get(callback.href), 403, 'sign_in_refused');
  });

  it('says why the provider refuses', async () => {
    const browser = new Browser(service.url);
    const started = await browser.get(START);
    const state = new URL(String(started.headers.get('location'))).searchParams.get('state');
    const refused = await browser.get(
      `/auth/oidc/callback?error=access_denied&state=${state}&iss=${encodeURIComponent(provider.issuer)}`,
    );
    expectError(refused, 403, 'sign_in_refused');
    expect(refused.text).toContain('access_denied');
    const page = await browser.send('GET', '/auth/oidc/callback?state=x', { headers: { Accept: 'text/html,*/*' } });
    expect([page.status, page.headers.get('location')]).toEqual([302, '/app/?sign_in_error=sign_in_refused']);
  });

  it('always opens a new session', async () => {
    const attacker = await signedIn('mallory');
    const victim = new Browser(service.url);
    const planted = attacker.cookies.get('sotto') ?? '';
    victim.cookies.set('sotto', planted);
    await victim.get(await atCallback(victim, 'ben'));
    expect(victim.cookies.get('sotto')).not.toBe(planted);
    expect([await statusOf(victim), await statusOf(attacker)]).toEqual([200, 401]);
  });
});

describe('a user', () => {
  it('is an operator as long as the provider says so', async () => {
    const anna = await signedIn('anna');
    expect(await anna.session()).toMatchObject({ role: 'operator' });
    expect((await anna.get('/admin/keys')).status).toBe(200);
    await provider.move('anna', 'staff');
    const again = await signedIn('anna');
    expect(await again.session()).toMatchObject({ role: 'user' });
    expectError(await anna.get('/admin/keys'), 403, 'forbidden');
    await provider.move('anna', 'staff,operators');
    expect(await (await signedIn('anna')).session()).toMatchObject({ role: 'operator' });
  });

  it('sees nothing of what another one has', async () => {
    const [ben, carla] = [await signedIn('ben'), await signedIn('carla')];
    const id = String((await submit(ben)).json?.job_id);
    expect(await submit(carla)).toMatchObject({ status: 202 });
    for (const path of [`/status/${id}`, `/jobs/${id}`, `/jobs/${id}/result`, `/jobs/${id}/events`]) {
      expectError(await carla.get(path), 404, 'job_not_found');
    }
    expectError(await carla.send('DELETE', `/jobs/${id}`), 404, 'job_not_found');
    const jobs = (await carla.get('/jobs')).json?.jobs as { job_id: string }[];
    expect(jobs.map(({ job_id }) => job_id)).not.toContain(id);
    // The same person in another browser.
    expect((await (await signedIn('ben')).get(`/status/${id}`)).status).toBe(200);
  });

  it('signs out, of the provider too where it has a page for that, and everywhere', async () => {
    const [desk, phone] = [await signedIn('ben'), await signedIn('ben')];
    const { json } = await desk.send('DELETE', '/auth/session');
    const signOut = new URL(String(json?.sign_out_url));
    expect(signOut.origin).toBe(provider.issuer);
    expect(Object.fromEntries(signOut.searchParams)).toMatchObject({
      post_logout_redirect_uri: `${provider.publicUrl}/`,
      id_token_hint: expect.stringMatching(/^\S+\.\S+\.\S+$/),
    });
    expect((await desk.send('GET', signOut.href)).status).toBe(200);
    expect([await statusOf(desk), await statusOf(phone)]).toEqual([401, 200]);
    const tablet = await signedIn('ben');
    expectError(
      await tablet.send('DELETE', '/auth/sessions', { headers: { 'X-CSRF-Token': 'x' } }),
      403,
      'csrf_token_wrong',
    );
    expect((await tablet.send('DELETE', '/auth/sessions')).status).toBe(204);
    expect([await statusOf(phone), await statusOf(tablet)]).toEqual([401, 401]);
  });

  it('is limited and shut out by an operator, like a key', async () => {
    const [anna, dora] = [await signedIn('anna'), await signedIn('dora')];
    const { id } = (await dora.session()).user as { id: string };
    expect((await anna.get('/admin/keys')).json?.keys).toContainEqual(
      expect.objectContaining({ id, user_id: id, name: 'dora of the tests' }),
    );
    await anna.sendJson('POST', `/admin/keys/${id}`, { concurrent_jobs: 1 });
    const replies = [
      await submit(dora),
      await dora.send('POST', '/transcribe', { body: formOf({ bytes: wav(500) }, { async: 'true' }) }),
    ];
    expect(replies.map(({ status }) => status)).toEqual([202, 429]);
    expectError(await anna.sendJson('POST', `/admin/keys/${id}/rotate`, {}), 404, 'key_not_found');
    await anna.send('DELETE', `/admin/keys/${id}`);
    expect(await statusOf(dora)).toBe(401);
    expectError(await dora.get(await atCallback(dora, 'dora')), 403, 'sign_in_refused');
  });

  it('is in the audit log, and so is who was refused', async () => {
    const eva = await signedIn('eva');
    const { id } = (await eva.session()).user as { id: string };
    await eva.send('DELETE', '/auth/session');
    const anna = await signedIn('anna');
    const actions = async (query: string) => {
      const { entries } = wireAuditPageSchema.parse((await anna.get(`/admin/audit?${query}`)).json);
      return entries;
    };
    await waitFor(async () => (await actions(`key_id=${id}`)).length === 2, { what: 'two entries' });
    expect((await actions(`key_id=${id}`)).map(({ action }) => action)).toEqual(['session.end', 'session.create']);
    const refused = await actions('action=login.refused');
    expect(refused.map(({ path }) => path)).toContain('/auth/oidc/callback');
    expect(JSON.stringify(refused)).not.toMatch(/code=|state=/);
  });
});

describe('a provider that is away', () => {
  it('is said so, and keeps nobody from the rest', async () => {
    const ben = await signedIn('ben');
    const later = new Browser(service.url);
    const callback = await atCallback(later, 'ben');
    await provider.stop();
    const answer = await later.get(callback);
    expectError(answer, 503, 'sign_in_unavailable');
    expect(answer.headers.get('retry-after')).toBe('10');
    expect(await statusOf(ben)).toBe(200);
    expect((await ben.send('DELETE', '/auth/session')).status).toBe(200);
    await provider.start();
    expect(await statusOf(await signedIn('ben'))).toBe(200);
  });
});
