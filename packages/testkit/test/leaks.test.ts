import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Redis } from 'ioredis';
import { filesUnder, lastingKeys, queuesUnder } from '../src/leaks.ts';
import { type RedisServer, startRedis } from '../src/redis-server.ts';

describe('lastingKeys', () => {
  let server: RedisServer;
  let redis: Redis;
  beforeAll(async () => {
    server = await startRedis();
    redis = server.client();
  });
  afterAll(() => server.close());

  it('names keys that would stay for ever, and only those under the prefix', async () => {
    await redis.set('p:run:1', 'x');
    await redis.set('p:run:2', 'x', 'EX', 60);
    await redis.set('other:run:3', 'x');
    expect(await lastingKeys(redis, 'p', ['windows'])).toEqual(['p:run:1']);
  });

  it('lets pass what BullMQ keeps, but not unfinished work', async () => {
    await redis.hset('q:windows:meta', 'a', '1');
    await redis.zadd('q:windows:completed', 1, 'done');
    await redis.hset('q:windows:done', 'a', '1');
    await redis.hset('q:windows:done:processed', 'a', '1');
    expect(await queuesUnder(redis, 'q')).toEqual(['windows']);
    expect(await lastingKeys(redis, 'q', ['windows'])).toEqual([]);
    await redis.zadd('q:windows:prioritized', 1, 'waiting');
    await redis.hset('q:windows:waiting', 'a', '1');
    expect(await lastingKeys(redis, 'q', ['windows'])).toEqual(['q:windows:prioritized', 'q:windows:waiting']);
  });
});

describe('filesUnder', () => {
  it('lists files at any depth but probes, and none of a folder that is not there', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'sotto-test-leaks-'));
    try {
      await mkdir(join(folder, 'a/b'), { recursive: true });
      await writeFile(join(folder, 'a/b/c.bin'), '');
      await writeFile(join(folder, 'a/b/c.probe'), '');
      expect(await filesUnder(folder)).toEqual(['a/b/c.bin']);
      expect(await filesUnder(join(folder, 'nowhere'))).toEqual([]);
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});
