import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type RedisServer, waitFor } from '@sotto/testkit';
import type { Redis } from 'ioredis';
import { connectRedis, QueueProbe, RedisWatch } from '../src/index.ts';
import { startRedis } from './harness.ts';

let server: RedisServer;
let redis: Redis;
let others: Redis[];
let errors: number[];
let reported: string[];
let watch: RedisWatch;
beforeEach(async () => {
  server = await startRedis();
  redis = connectRedis(server.url, 'api');
  reported = [];
  watch = new RedisWatch(redis, {
    disconnected: () => reported.push('disconnected'),
    connected: () => reported.push('connected'),
  });
  errors = [0, 0, 0];
  others = errors.map((_, index) =>
    connectRedis(server.url, 'worker', (error) => {
      errors[index] = (errors[index] ?? 0) + 1;
      watch.handle(error);
    }),
  );
  await allReady();
});
afterEach(async () => {
  for (const connection of [redis, ...others]) connection.disconnect();
  await server.close();
});

const allReady = () =>
  waitFor(() => [redis, ...others].every(({ status }) => status === 'ready'), { what: 'all connections' });

describe('RedisWatch', () => {
  it('reports each outage of many connections once, and its end once', async () => {
    expect(reported).toEqual(['connected']);
    for (const outages of [1, 2]) {
      errors.fill(0);
      await server.kill9();
      await waitFor(() => errors.every((count) => count >= 3), { what: 'every connection to try again and again' });
      await server.restart();
      await allReady();
      expect(reported.slice(1)).toEqual(Array.from({ length: outages }, () => ['disconnected', 'connected']).flat());
    }
  }, 60_000);

  it('reports that all is well after only another connection was lost', async () => {
    watch.handle(new Error('read ECONNRESET'));
    await waitFor(() => reported.length === 3, { what: 'both to be reported' });
    expect(reported).toEqual(['connected', 'disconnected', 'connected']);
  });

  it('reports once that Redis does not write, however often it is refused, and that it does again', async () => {
    const probe = new QueueProbe(redis, { prefix: 'watched' });
    const seen: string[] = [];
    const own = new RedisWatch(
      redis,
      { disconnected: () => seen.push('disconnected'), connected: () => seen.push('connected') },
      () => probe.mustWrite(),
    );
    const admin = server.client();
    await admin.config('SET', 'maxmemory', 1);
    for (let times = 0; times < 5; times += 1) {
      await redis.set('key', 'value').catch((error) => own.handle(error));
      await expect(probe.mustWrite()).rejects.toMatchObject({ code: 'queue_unavailable' });
    }
    await admin.config('SET', 'maxmemory', 0);
    await waitFor(() => seen.length === 3, { what: 'its end to be reported' });
    expect(seen).toEqual(['connected', 'disconnected', 'connected']);
  });

  it('does not handle other errors', () => {
    expect(watch.handle(new Error('ERR unknown command'))).toBe(false);
    expect(reported).toEqual(['connected']);
  });
});
