import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { BrokenLine, type RedisServer, waitFor } from '@sotto/testkit';
import type { Redis } from 'ioredis';
import { connectRedis } from '../src/index.ts';
import { WatchedRedis } from '../src/redis/watched-redis.ts';
import { startRedis } from './harness.ts';

let server: RedisServer;
let opened: Redis[];
beforeEach(async () => {
  opened = [];
  server = await startRedis();
});
afterEach(async () => {
  for (const redis of opened) redis.disconnect();
  await server.close();
});

async function ready<R extends Redis>(redis: R): Promise<R> {
  opened.push(redis);
  redis.on('error', () => {
    // The outage is what this is about.
  });
  await waitFor(() => redis.status === 'ready', { what: 'the connection' });
  return redis;
}

/** How a worker waits, with a deadline that a test can wait for. */
const patient = (url: string) =>
  ready(
    new WatchedRedis({ answerMs: 300, rejects: false }, { maxRetriesPerRequest: null, retryStrategy: () => 50 }, url),
  );

describe('a host that vanishes without a word', () => {
  let line: BrokenLine;
  let url: string;
  beforeEach(async () => {
    line = await BrokenLine.to(server.url);
    url = line.url.replace('http:', 'redis:');
  });
  afterEach(() => line.close());

  it('is noticed by the API within seconds: it connects anew', async () => {
    const redis = await ready(connectRedis(url, 'api'));
    line.strand();
    await expect(redis.ping()).rejects.toThrow('Command timed out');
    await waitFor(() => redis.ping().then(() => true), { what: 'an answer', timeoutMs: 8000 });
  });

  it('costs a worker no command: the one under way is sent again', async () => {
    const redis = await patient(url);
    line.strand();
    expect(await redis.set('key', 'value')).toBe('OK');
  });

  it('is not taken for one that keeps a blocking command waiting', async () => {
    const blocking = await ready((await patient(url)).duplicate() as unknown as Redis);
    let closed = 0;
    blocking.on('close', () => {
      closed += 1;
    });
    expect(await blocking.blpop('nothing', 2)).toBeNull();
    expect(closed).toBe(0);
    const popped = blocking.blpop('list', 1);
    line.strand();
    await waitFor(() => closed === 1, { what: 'the connection to be given up', timeoutMs: 8000 });
    await server.client().rpush('list', 'item');
    expect(await popped).toEqual(['list', 'item']);
  });
});

describe('a master that has become a replica', () => {
  let other: RedisServer;
  beforeEach(async () => {
    other = await startRedis();
  });
  afterEach(() => other.close());

  /** The server under the address is a replica until the address leads to the new master: here, itself again. */
  const demote = (redis: Redis) => redis.replicaof('127.0.0.1', other.port);

  it('makes the API connect anew', async () => {
    const admin = server.client();
    const redis = await ready(connectRedis(server.url, 'api'));
    await demote(admin);
    let closed = 0;
    redis.on('close', () => {
      closed += 1;
    });
    await expect(redis.set('key', 'value')).rejects.toThrow(/READONLY|MASTERDOWN/);
    await waitFor(() => closed > 0, { what: 'the connection to be given up' });
    await admin.replicaof('NO', 'ONE');
    await waitFor(() => redis.set('key', 'value').then(() => true), { what: 'a write' });
  });

  it('makes a worker wait for the new master, and do each command once, in its transaction', async () => {
    const admin = server.client();
    const redis = await ready(connectRedis(server.url, 'worker'));
    await demote(admin);
    const answers = Promise.all([
      redis.incr('counted'),
      redis.eval("return redis.call('INCR', KEYS[1])", 1, 'scripted'),
      redis.pipeline().incr('piped').incr('piped').exec(),
    ]);
    await expect(redis.multi().incr('transacted').incr('transacted').exec()).rejects.toThrow(
      /EXECABORT|READONLY|MASTERDOWN/,
    );
    await admin.replicaof('NO', 'ONE');
    expect(await answers).toEqual([
      1,
      1,
      [
        [null, 1],
        [null, 2],
      ],
    ]);
    expect(await redis.mget('counted', 'scripted', 'piped', 'transacted')).toEqual(['1', '1', '2', null]);
  });
});
