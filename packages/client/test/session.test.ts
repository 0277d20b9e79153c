import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { SottoClient, type WireOwnKey, type WireProfile, type WireSessionState } from '../src/index.ts';
import { errorBody, JOB_ID, json, Service } from './service.ts';

const NOBODY: WireSessionState = {
  signed_in: false,
  keys_enabled: true,
  role: null,
  scopes: [],
  user: null,
  key: null,
  csrf_token: null,
  expires_at: null,
  sign_in: { key: true, oidc: null },
};
const ANNA: WireSessionState = {
  ...NOBODY,
  signed_in: true,
  role: 'user',
  scopes: ['transcribe', 'read'],
  key: { id: '3f9c0a1b2c3d', name: 'Anna' },
  csrf_token: 'a token',
  expires_at: '2026-12-07T00:00:00.000Z',
};

let service: Service;
let client: SottoClient;
beforeEach(async () => {
  service = await Service.start();
  client = new SottoClient({ baseUrl: service.url });
});
afterEach(() => service.close());

describe('a session', () => {
  it('gives every request the token it was told, until the browser is signed out', async () => {
    const tokens: unknown[] = [];
    let state = NOBODY;
    service.on('GET /auth/session', (_request, response) => json(response, 200, state));
    service.on('POST /auth/session', (_request, response, body) => {
      expect(JSON.parse(body.toString())).toEqual({ key: 'the key' });
      state = ANNA;
      json(response, 200, state);
    });
    service.on('DELETE /auth/session', (_request, response) => json(response, 200, { sign_out_url: null }));
    service.on(`DELETE /jobs/${JOB_ID}`, (request, response) => {
      tokens.push(request.headers['x-csrf-token']);
      response.writeHead(204).end();
    });
    expect(await client.session.get()).toEqual(NOBODY);
    await client.cancel(JOB_ID);
    expect(await client.session.signIn('the key')).toEqual(ANNA);
    await client.cancel(JOB_ID);
    expect(await client.session.signOut()).toEqual({ sign_out_url: null });
    await client.cancel(JOB_ID);
    expect(tokens).toEqual([undefined, 'a token', undefined]);
  });

  it('is listed with the others, and ended from afar', async () => {
    const sessions = [
      {
        id: 'a_b',
        created_at: '2026-11-30T00:00:00.000Z',
        last_seen_at: '2026-11-30T01:00:00.000Z',
        expires_at: '2026-12-07T00:00:00.000Z',
        user_agent: null,
        current: true,
      },
    ];
    service.on('GET /auth/sessions', (_request, response) => json(response, 200, { sessions }));
    service.on('DELETE /auth/sessions/a_b', (_request, response) => void response.writeHead(204).end());
    service.on('DELETE /auth/sessions', (_request, response) =>
      json(response, 403, errorBody('csrf_token_wrong', 'Send it.')),
    );
    expect(await client.session.list()).toEqual({ sessions });
    await client.session.end('a_b');
    await expect(client.session.signOutEverywhere()).rejects.toMatchObject({ code: 'csrf_token_wrong' });
  });
});

describe('a profile', () => {
  const profile: WireProfile = {
    id: 'a1',
    name: 'Anna',
    email: null,
    language: 'de',
    role: 'user',
    defaults: { diarize: true },
    created_at: '2026-11-30T00:00:00.000Z',
  };
  const key: WireOwnKey = {
    id: 'b/2',
    name: 'my script',
    status: 'active',
    scopes: ['read'],
    created_at: '2026-11-30T00:00:00.000Z',
    expires_at: null,
  };

  it('is read and changed, and so are the keys of its user', async () => {
    const sent: unknown[] = [];
    service.on('GET /auth/profile', (_request, response) => json(response, 200, profile));
    service.on('PATCH /auth/profile', (_request, response, body) => {
      sent.push(JSON.parse(body.toString()));
      json(response, 200, { ...profile, language: 'es' });
    });
    service.on('GET /auth/keys', (_request, response) => json(response, 200, { keys: [key] }));
    service.on('POST /auth/keys', (_request, response, body) => {
      sent.push(JSON.parse(body.toString()));
      json(response, 201, { ...key, key: 'sotto_secret' });
    });
    service.on('DELETE /auth/keys/b%2F2', (_request, response) => void response.writeHead(204).end());
    expect(await client.profile.get()).toEqual(profile);
    expect(await client.profile.change({ language: 'es' })).toEqual({ ...profile, language: 'es' });
    expect(await client.profile.createKey({ name: 'my script', scopes: ['read'] })).toMatchObject({
      key: 'sotto_secret',
    });
    expect(await client.profile.keys()).toEqual({ keys: [key] });
    await client.profile.deleteKey('b/2');
    expect(sent).toEqual([{ language: 'es' }, { name: 'my script', scopes: ['read'] }]);
  });
});
