import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { RedisServer } from '@sotto/testkit';
import fc from 'fast-check';
import { RateLimiter } from '../src/index.ts';
import { Bench, startRedis } from './harness.ts';

let server: RedisServer;
let bench: Bench;
let limiter: RateLimiter;
beforeAll(async () => {
  server = await startRedis();
});
afterAll(() => server.close());
beforeEach(async () => {
  bench = await Bench.open(server);
  limiter = new RateLimiter(bench.redis, bench.settings);
});
afterEach(() => bench.close());

const MINUTE_MS = 60_000;

describe('take', () => {
  it('lets exactly the limit through, whichever process asks', async () => {
    const others = await Promise.all([Bench.open(server, bench.settings), Bench.open(server, bench.settings)]);
    const limiters = [limiter, ...others.map(({ redis, settings }) => new RateLimiter(redis, settings))];
    const taken = await Promise.all(Array.from({ length: 200 }, (_, i) => limiters[i % 3]?.take('key:1', 37)));
    expect(taken.filter((decision) => decision?.allowed)).toHaveLength(37);
    await Promise.all(others.map((other) => other.close()));
    expect(await bench.lasting()).toEqual([]);
  });

  it('never allows more than the limit in any window of a minute, and no less than it could', async () => {
    const times = fc.array(fc.nat(2 * MINUTE_MS), { maxLength: 60 }).map((list) => list.sort((a, b) => a - b));
    let subject = 0;
    await fc.assert(
      fc.asyncProperty(times, fc.integer({ min: 1, max: 6 }), async (arrivals, limit) => {
        subject += 1;
        const allowed: number[] = [];
        for (const arrival of arrivals) {
          const now = 1_000_000 + arrival;
          const recent = allowed.filter((time) => time > now - MINUTE_MS);
          const decision = await limiter.take(String(subject), limit, now);
          expect(decision.allowed).toBe(recent.length < limit);
          if (decision.allowed) allowed.push(now);
          const left = limit - recent.length - (decision.allowed ? 1 : 0);
          expect(decision.remaining).toBe(left);
          const oldest = recent[0] ?? now;
          expect(decision.resetSeconds).toBe(Math.ceil((oldest + MINUTE_MS - now) / 1000));
        }
      }),
      { numRuns: 40 },
    );
  });

  it('does not double at the border of a minute', async () => {
    const at = async (nowMs: number) => (await limiter.take('border', 5, nowMs)).allowed;
    const before = [59_000, 59_500, 59_999, 59_999, 59_999];
    for (const nowMs of before) expect(await at(nowMs)).toBe(true);
    for (const nowMs of [59_999, 60_000, 60_001, 90_000, 118_999]) expect(await at(nowMs)).toBe(false);
    expect([await at(119_000), await at(119_000), await at(119_500), await at(119_998)]).toEqual([
      true,
      false,
      true,
      false,
    ]);
  });

  it('says when to come back, and means it', async () => {
    await limiter.take('s', 1, 1000);
    const refused = await limiter.take('s', 1, 11_500);
    expect(refused).toMatchObject({ allowed: false, remaining: 0, retryAfterSeconds: 50 });
    expect((await limiter.take('s', 1, 11_500 + 50_000)).allowed).toBe(true);
  });

  it('holds when clocks of API processes differ', async () => {
    const decisions = [];
    for (const now of [5000, 3000, 4000, 1000, 5000]) decisions.push(await limiter.take('skew', 3, now));
    expect(decisions.map(({ allowed }) => allowed)).toEqual([true, true, true, false, false]);
  });

  it('keeps subjects apart, and their names out of Redis', async () => {
    await limiter.take('203.0.113.7', 1);
    expect((await limiter.take('203.0.113.8', 1)).allowed).toBe(true);
    expect((await bench.redis.keys('*')).join()).not.toContain('203.0.113');
  });
});
