import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { NO_KEY_LIMITS } from '@sotto/contracts';
import { type RedisServer, waitFor } from '@sotto/testkit';
import { ApiKeys, type KeyTerms } from '../src/index.ts';
import { Bench, startRedis } from './harness.ts';

let server: RedisServer;
let bench: Bench;
let apiKeys: ApiKeys;
beforeAll(async () => {
  server = await startRedis();
});
afterAll(() => server.close());
beforeEach(async () => {
  bench = await Bench.open(server);
  apiKeys = new ApiKeys(bench.redis, bench.settings);
});
afterEach(() => bench.close());

const TERMS: KeyTerms = {
  name: 'a/b "ü"',
  userId: null,
  scopes: ['transcribe', 'read'],
  limits: { ...NO_KEY_LIMITS, concurrentJobs: 3, models: ['tiny'] },
  weight: 2.5,
  mayRaisePriority: true,
  keep: true,
  webhookUrl: null,
  expiresAtMs: null,
};

describe('API keys', () => {
  it('are known by their secret, which is stored nowhere', async () => {
    const { key, secret } = await apiKeys.create(TERMS);
    expect(key).toMatchObject(TERMS);
    expect(secret).toMatch(/^sotto_[\w-]{43}$/);
    expect(await apiKeys.identify(secret)).toEqual(key);
    expect(await apiKeys.find(key.id)).toEqual(key);
    for (const wrong of ['', 'sotto_', secret.slice(0, -1), `${secret} `, secret.toLowerCase()]) {
      expect(await apiKeys.identify(wrong)).toBeNull();
    }
    const names = await bench.redis.keys(`${bench.settings.prefix}:*`);
    const values = await Promise.all(names.map((name) => bench.redis.dump(name)));
    const random = secret.slice('sotto_'.length);
    expect([...names, ...values.map((value) => String(value))].filter((text) => text.includes(random))).toEqual([]);
  });

  it('are listed, oldest first, also when they were revoked', async () => {
    const [a, b] = [await apiKeys.create({ ...TERMS, name: 'a' }), await apiKeys.create({ ...TERMS, name: 'b' })];
    await apiKeys.revoke(a.key.id);
    expect(new Set((await apiKeys.list()).map(({ id }) => id))).toEqual(new Set([a.key.id, b.key.id]));
    const revoked = await apiKeys.identify(a.secret);
    expect(revoked?.revokedAtMs).toEqual(expect.any(Number));
    expect(await apiKeys.revoke(a.key.id)).toEqual(revoked);
    expect(await apiKeys.revoke('nothing')).toBeNull();
    expect(await apiKeys.rotate(a.key.id, 0)).toBeNull();
  });

  it('change, and two changes at once both apply', async () => {
    const { key } = await apiKeys.create(TERMS);
    await Promise.all([
      apiKeys.change(key.id, { name: 'new' }),
      apiKeys.change(key.id, { limits: { ...NO_KEY_LIMITS, requestsPerMinute: 4 } }),
      apiKeys.revoke(key.id),
    ]);
    expect(await apiKeys.find(key.id)).toMatchObject({
      name: 'new',
      weight: 2.5,
      limits: { requestsPerMinute: 4, concurrentJobs: null },
      revokedAtMs: expect.any(Number),
    });
  });

  it('rotate: the old secret ends at once, or after its grace period, and older ones in any case', async () => {
    const { key, secret: first } = await apiKeys.create(TERMS);
    const second = await apiKeys.rotate(key.id, 3600);
    expect(second?.key).toMatchObject({ id: key.id, rotatedAtMs: expect.any(Number) });
    expect((await apiKeys.identify(first))?.id).toBe(key.id);
    const third = await apiKeys.rotate(key.id, 0.3);
    expect(await apiKeys.identify(first)).toBeNull();
    expect((await apiKeys.identify(String(second?.secret)))?.id).toBe(key.id);
    await waitFor(async () => (await apiKeys.identify(String(second?.secret))) === null, {
      what: 'the grace period to end',
    });
    expect((await apiKeys.identify(String(third?.secret)))?.id).toBe(key.id);
    await apiKeys.rotate(key.id, 0);
    expect(await apiKeys.identify(String(third?.secret))).toBeNull();
  });
});
