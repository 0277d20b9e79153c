import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Run } from '@sotto/contracts';
import { type RedisServer, waitFor } from '@sotto/testkit';
import { Backlog, guessDurationMs, secondsUntilDone } from '../src/index.ts';
import { attachInput, Bench, planOf, seeded, startRedis, windowResult } from './harness.ts';

let server: RedisServer;
let bench: Bench;
let backlog: Backlog;
beforeAll(async () => {
  server = await startRedis();
});
afterAll(() => server.close());
beforeEach(async () => {
  bench = await Bench.open(server);
  backlog = new Backlog(bench.redis, bench.settings);
});
afterEach(() => bench.close());

function endedBefore(error: { code?: string }): void {
  if (error.code !== 'job_cancelled') throw error;
}

const MP3_MINUTE = { ...attachInput().input, container: 'mp3' as const, bytes: 960_000 };

describe('the backlog', () => {
  it('follows a run from a guess by its size, to its cost, to nothing', async () => {
    const { run } = await bench.runs.attach(attachInput({ keyId: 'k', input: MP3_MINUTE }));
    await bench.runs.attach(attachInput({ keyId: 'other', input: MP3_MINUTE }));
    expect(await backlog.sizeOf('k')).toEqual({ runs: 1, cost: 60_000 });
    expect(await backlog.size()).toEqual({ runs: 2, cost: 120_000 });
    await bench.windows.planned(run, planOf(4));
    expect(await backlog.sizeOf('k')).toEqual({ runs: 1, cost: 4 * 29_000 });
    for (const index of [2, 0]) await bench.windows.complete(run.id, windowResult(index, ['a']));
    await bench.windows.complete(run.id, windowResult(0, ['again']));
    expect(await backlog.sizeOf('k')).toEqual({ runs: 1, cost: 2 * 29_000 });
    await bench.runs.cancel(run);
    expect(await backlog.sizeOf('k')).toEqual({ runs: 0, cost: 0 });
    expect(await backlog.size()).toEqual({ runs: 1, cost: 60_000 });
  });

  /** As its members say, whatever is kept. */
  const addedUp = async () => {
    const entries = await bench.redis.zrange(`${bench.settings.prefix}:backlog`, '0', '-1', 'WITHSCORES');
    const costs = entries.filter((_, i) => i % 2 === 1).map(Number);
    return { runs: costs.length, cost: Math.floor(costs.reduce((sum, cost) => sum + cost, 0)) };
  };

  it.each([1, 2])('is not added up for each request, and right after any history of runs (%i)', async (seed) => {
    const random = seeded(seed);
    const runs: Run[] = [];
    const some = () => runs[Math.floor(random() * runs.length)];
    const steps = [
      async () => void runs.push((await bench.runs.attach(attachInput({ keyId: 'k', input: MP3_MINUTE }))).run),
      async (run = some()) => run && bench.windows.planned(run, planOf(7)),
      async (run = some()) => run && bench.windows.complete(run.id, windowResult(Math.floor(random() * 7), ['a'])),
      async (run = some()) => run && bench.runs.cancel(run),
    ];
    for (let i = 0; i < 20; i += 1) await steps[0]?.();
    for (let i = 0; i < 200; i += 1) {
      await steps[Math.floor(random() * steps.length)]?.().catch(endedBefore);
      expect(await backlog.size()).toEqual(await addedUp());
    }
    expect(await backlog.sizeOf('k')).toEqual(await addedUp());
    const reads = async () => Number(/cmdstat_zrange:calls=(\d+)/.exec(await bench.redis.info('commandstats'))?.[1]);
    const before = await reads();
    for (let i = 0; i < 50; i += 1) await backlog.size();
    await bench.runs.attach(attachInput({ keyId: 'k', limits: { runs: null, cost: 1e12 } }));
    expect(await reads()).toBe(before);
  });

  it('is right again soon after a build that does not know of the sum has changed it', async () => {
    const { prefix } = bench.settings;
    const { run } = await bench.runs.attach(attachInput({ keyId: 'k', input: MP3_MINUTE }));
    expect(await backlog.size()).toEqual({ runs: 1, cost: 60_000 });
    await bench.redis.zadd(`${prefix}:backlog`, 5_000, 'added-by-an-older-build');
    expect(await backlog.size()).toEqual({ runs: 2, cost: 65_000 });
    await bench.redis.zrem(`${prefix}:backlog`, 'added-by-an-older-build');
    await bench.windows.planned(run, planOf(1));
    expect(await backlog.size()).toEqual({ runs: 1, cost: 29_000 });
    // The number of runs shows nothing of this one, so the sum has to end by itself.
    await bench.redis.zadd(`${prefix}:backlog`, 'XX', 1_000, run.id);
    const sum = `${prefix}:backlog:sum`;
    expect(await bench.redis.pttl(sum)).toBeLessThanOrEqual(30_000);
    expect(await bench.redis.pttl(sum)).toBeGreaterThan(0);
    await bench.redis.pexpire(sum, 1);
    await waitFor(async () => (await backlog.size()).cost === 1_000, { what: 'the sum to be added up anew' });
  });

  it('lets a key have exactly as many unfinished runs as it may, whichever process asks', async () => {
    const others = await Promise.all([Bench.open(server, bench.settings), Bench.open(server, bench.settings)]);
    const benches = [bench, ...others];
    const limits = { runs: 7, cost: null };
    const attached = await Promise.allSettled(
      Array.from({ length: 200 }, (_, i) => benches[i % 3]?.runs.attach(attachInput({ keyId: 'k', limits }))),
    );
    const refused = attached.flatMap((one) => (one.status === 'rejected' ? [one.reason.code] : []));
    expect(refused).toEqual(Array.from({ length: 193 }, () => 'key_full'));
    await Promise.all(others.map((other) => other.close()));
  });

  it('limits the audio that a key has waiting, but refuses neither its only recording nor one that joins', async () => {
    const limits = { runs: null, cost: 90_000 };
    const hour = { ...MP3_MINUTE, bytes: 57_600_000 };
    const first = attachInput({ keyId: 'k', limits, input: hour, workKey: 'w' });
    const { run } = await bench.runs.attach(first);
    await expect(bench.runs.attach(attachInput({ keyId: 'k', limits, input: MP3_MINUTE }))).rejects.toMatchObject({
      code: 'key_full',
      fields: { unfinished_jobs: 1, unfinished_minutes: 60 },
    });
    expect((await bench.runs.attach({ ...first, requestId: crypto.randomUUID() })).joined).toBe(true);
    await bench.runs.cancel(run);
    await bench.runs.attach(attachInput({ keyId: 'k', limits, input: MP3_MINUTE }));
  });
});

describe('secondsUntilDone', () => {
  it.each([
    [600_000, 20_000, 30],
    [10, 20_000, 1],
    [1e12, 20_000, 3600],
    [600_000, null, 10],
    [600_000, 0, 10],
  ])('%p ms at %p a second are %p s', (cost, perSecond, seconds) => {
    expect(secondsUntilDone(cost, perSecond)).toBe(seconds);
  });
});

describe('guessDurationMs', () => {
  it('knows the bytes of a second', () => {
    expect(guessDurationMs({ container: 'wav', bytes: 1_764_000 })).toBe(10_000);
    expect(guessDurationMs({ container: 'pcm', bytes: 32_000 })).toBe(1000);
  });
});
