import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { RedisServer } from '@sotto/testkit';
import { ApiKeys, type Identity, Users } from '../src/index.ts';
import { Bench, startRedis } from './harness.ts';

let server: RedisServer;
let bench: Bench;
let users: Users;
let apiKeys: ApiKeys;
beforeAll(async () => {
  server = await startRedis();
});
afterAll(() => server.close());
beforeEach(async () => {
  bench = await Bench.open(server);
  users = new Users(bench.redis, bench.settings);
  apiKeys = new ApiKeys(bench.redis, bench.settings);
});
afterEach(() => bench.close());

const called = (subject: string): Identity => ({
  issuer: 'https://id.example',
  subject,
  name: `${subject} "ü"`,
  email: `${subject}@example.org`,
});
const scopesOf = async (id: string) => (await apiKeys.find(id))?.scopes;
const USER = ['transcribe', 'read'];
const OPERATOR = ['transcribe', 'read', 'metrics', 'admin'];

describe('users', () => {
  it('are made once, with a record of what they may do, which no secret opens', async () => {
    const ids = await Promise.all(Array.from({ length: 20 }, () => users.signIn(called('anna'), 'user')));
    const [id = ''] = ids;
    expect(new Set(ids).size).toBe(1);
    expect(await users.find(id)).toEqual({
      ...called('anna'),
      id,
      language: null,
      defaults: {},
      createdAtMs: expect.any(Number),
    });
    expect(await apiKeys.find(id)).toMatchObject({ id, userId: id, name: 'anna "ü"', scopes: USER, revokedAtMs: null });
    expect((await apiKeys.list()).map((key) => key.id)).toEqual([id]);
    expect(await apiKeys.rotate(id, 0)).toBeNull();
    expect(await users.find('nobody')).toBeNull();
  });

  it('are told apart by issuer and subject, and by nothing else', async () => {
    const id = await users.signIn(called('anna'), 'user');
    const elsewhere = await users.signIn({ ...called('anna'), issuer: 'https://other.example' }, 'user');
    const same = await users.signIn({ ...called('anna'), name: 'new', email: null }, 'user');
    expect([elsewhere === id, same === id]).toEqual([false, true]);
    expect(await users.find(id)).toMatchObject({ name: 'anna "ü"', email: null });
  });

  it('are operators as their provider says, or the first one alone', async () => {
    const ids = await Promise.all(['a', 'b', 'c'].map((name) => users.signIn(called(name), 'first')));
    const all = await Promise.all(ids.map(scopesOf));
    expect(all.filter((scopes) => scopes?.includes('admin'))).toHaveLength(1);
    const id = await users.signIn(called('d'), 'operator');
    expect(await scopesOf(id)).toEqual(OPERATOR);
    await users.signIn(called('d'), 'first');
    expect(await scopesOf(id)).toEqual(OPERATOR);
    await users.signIn(called('d'), 'user');
    expect(await scopesOf(id)).toEqual(USER);
    await apiKeys.change(id, { scopes: ['read'] });
    await users.signIn(called('d'), 'user');
    expect(await scopesOf(id)).toEqual(['read']);
    await users.signIn(called('d'), 'operator');
    expect(await scopesOf(id)).toEqual(OPERATOR);
  });

  it('decide some things themselves, which stay', async () => {
    const id = await users.signIn(called('anna'), 'user');
    const changes = { name: 'Anna', language: 'de', defaults: { diarize: true } };
    expect(await users.change(id, changes)).toMatchObject(changes);
    expect(await users.change(id, { language: null })).toMatchObject({ ...changes, language: null });
    expect((await apiKeys.find(id))?.name).toBe('Anna');
    await users.signIn(called('anna'), 'user');
    expect((await users.find(id))?.name).toBe('Anna');
    expect(await users.change('nobody', changes)).toBeNull();
  });
});
