import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { type RedisServer, waitFor } from '@sotto/testkit';
import { newSessionToken, type SessionHolder, Sessions } from '../src/index.ts';
import { Bench, startRedis } from './harness.ts';

let server: RedisServer;
let bench: Bench;
let sessions: Sessions;
beforeAll(async () => {
  server = await startRedis();
});
afterAll(() => server.close());
beforeEach(async () => {
  bench = await Bench.open(server);
  sessions = new Sessions(bench.redis, bench.settings);
});
afterEach(() => bench.close());

const HOUR_MS = 3_600_000;
const LIMITS = { idleMs: HOUR_MS, maxMs: 2 * HOUR_MS };
const HOLDER: SessionHolder = { keyId: 'abc', userId: null, credential: 'c', userAgent: 'Ü/1', idToken: null };

async function open(holder: Partial<SessionHolder> = {}, limits = LIMITS) {
  const token = newSessionToken();
  return { token, session: await sessions.open(token, { ...HOLDER, ...holder }, limits) };
}

describe('sessions', () => {
  it('are known by their token, which is stored nowhere, and all end by themselves', async () => {
    const { token, session } = await open();
    expect(session).toMatchObject(HOLDER);
    expect(await sessions.touch(token, LIMITS.idleMs)).toEqual(session);
    expect(await sessions.touch(newSessionToken(), LIMITS.idleMs)).toBeNull();
    expect(await sessions.list('abc')).toMatchObject([{ ...HOLDER, id: session.id }]);
    const names = await bench.redis.keys(`${bench.settings.prefix}:*`);
    const values = await Promise.all(names.map((name) => bench.redis.dump(name)));
    expect([...names, ...values.map(String)].filter((text) => text.includes(token))).toEqual([]);
    expect(await bench.lasting()).toEqual([]);
  });

  it('end when nobody uses them, and live on when somebody does', async () => {
    const { token, session } = await open({}, { ...LIMITS, idleMs: 60_000 });
    const key = `${bench.settings.prefix}:session:${session.id}`;
    expect(await bench.redis.pttl(key)).toBeLessThanOrEqual(60_000);
    await sessions.touch(token, HOUR_MS);
    expect(await bench.redis.pttl(key)).toBeGreaterThan(HOUR_MS - 30_000);
    await sessions.touch(token, 1);
    await waitFor(async () => (await bench.redis.exists(key)) === 0, { what: 'the session to be gone' });
    expect(await sessions.touch(token, HOUR_MS)).toBeNull();
    expect(await sessions.list('abc')).toEqual([]);
  });

  it('end in any case when their time is over', async () => {
    const { token } = await open({}, { idleMs: HOUR_MS, maxMs: 300 });
    await waitFor(async () => (await sessions.touch(token, HOUR_MS)) === null, { what: 'the session to end' });
  });

  it('are ended one by one by their own account only, or all at once', async () => {
    const [a, b, other] = [await open(), await open({ userId: null }), await open({ keyId: 'other' })];
    expect(await sessions.end('other', a.session.id)).toBe(false);
    expect(await sessions.touch(a.token, HOUR_MS)).not.toBeNull();
    expect(await sessions.end('abc', a.session.id)).toBe(true);
    expect(await sessions.end('abc', a.session.id)).toBe(false);
    expect(await sessions.touch(a.token, HOUR_MS)).toBeNull();
    expect(await sessions.endAll('abc')).toBe(1);
    expect(await sessions.touch(b.token, HOUR_MS)).toBeNull();
    await sessions.endToken(other.token);
    await sessions.endToken(newSessionToken());
    expect(await sessions.list('other')).toEqual([]);
  });

  it("of a user's keys are the user's", async () => {
    await open({ keyId: 'k1', userId: 'u' });
    await open({ keyId: 'u', userId: 'u' });
    expect(await sessions.list('u')).toHaveLength(2);
    expect(await sessions.endAll('k1')).toBe(0);
    expect(await sessions.endAll('u')).toBe(2);
  });

  it('of one account are not without number: the oldest makes room, after those that are gone', async () => {
    const first = await open();
    for (let i = 1; i < 100; i += 1) await open({}, { ...LIMITS, maxMs: LIMITS.maxMs + i });
    const gone = (await sessions.list('abc'))[50];
    await bench.redis.del(`${bench.settings.prefix}:session:${gone?.id}`);
    await open({}, { ...LIMITS, maxMs: LIMITS.maxMs + 100 });
    expect(await sessions.touch(first.token, HOUR_MS)).not.toBeNull();
    await open({}, { ...LIMITS, maxMs: LIMITS.maxMs + 101 });
    expect(await sessions.touch(first.token, HOUR_MS)).toBeNull();
    expect(await sessions.list('abc')).toHaveLength(100);
  });

  it('outlive a Redis that has no room', async () => {
    const { token, session } = await open();
    await bench.redis.config('SET', 'maxmemory', '1');
    try {
      expect(await sessions.touch(token, HOUR_MS)).toMatchObject({ id: session.id });
    } finally {
      await bench.redis.config('SET', 'maxmemory', '0');
    }
  });
});
