import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { RedisServer } from '@sotto/testkit';
import type { Redis } from 'ioredis';
import { connectRedis, QueueProbe } from '../src/index.ts';
import { startRedis } from './harness.ts';

let server: RedisServer;
let admin: Redis;
let redis: Redis;
let probe: QueueProbe;
beforeAll(async () => {
  server = await startRedis();
  admin = server.client();
  redis = connectRedis(server.url, 'api');
  await new Promise((resolve) => redis.once('ready', resolve));
  probe = new QueueProbe(redis, { prefix: 'probed' });
});
afterEach(async () => {
  await admin.config('SET', 'maxmemory', 0);
  await admin.replicaof('NO', 'ONE');
});
afterAll(async () => {
  redis.disconnect();
  await server.close();
});

/** How many changes there have been. */
const changes = async () => Number(/rdb_changes_since_last_save:(\d+)/.exec(await admin.info('persistence'))?.[1]);

describe('whether Redis may write', () => {
  it('is asked without writing anything', async () => {
    const before = await changes();
    expect(await probe.mayWrite()).toBe(true);
    expect(await admin.keys('probed:*')).toEqual([]);
    expect(await changes()).toBe(before);
    expect(await probe.read()).toEqual({ isWritable: true, memoryPercent: null });
    expect(await admin.keys('probed:*')).toEqual(['probed:probe']);
    expect(await changes()).toBe(before + 1);
  });

  it('is no when its memory is full', async () => {
    await admin.config('SET', 'maxmemory', 1);
    expect(await probe.mayWrite()).toBe(false);
    expect(await probe.read()).toMatchObject({ isWritable: false });
  });

  it('is an error when it is a replica', async () => {
    // Nobody is there, so nothing is copied.
    await admin.replicaof('127.0.0.1', 1);
    await expect(probe.mayWrite()).rejects.toMatchObject({ code: 'queue_unavailable' });
    await expect(probe.read()).rejects.toMatchObject({ code: 'queue_unavailable' });
  });
});
