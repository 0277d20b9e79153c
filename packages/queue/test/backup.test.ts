import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { WORKER_PROTOCOL } from '@sotto/contracts';
import { type RedisServer, startRedis } from '@sotto/testkit';
import { copyServer } from '../src/backup/copy-server.ts';
import { KeyCopies } from '../src/backup/key-copies.ts';
import { Heartbeats } from '../src/jobs/heartbeats.ts';

const PREFIX = 'tcopy';

let source: RedisServer;
let copy: RedisServer;
beforeAll(async () => {
  [source, copy] = await Promise.all([startRedis(), startRedis()]);
  // As for sotto backup: a server that is writing its first append-only file does not stop when it is told to.
  await copy.client().config('SET', 'appendonly', 'no');
});
afterAll(async () => {
  await Promise.all([source?.close(), copy?.close()]);
});

it('is a server as it was at one moment, whoever writes meanwhile', async () => {
  const writer = source.client();
  let isWriting = true;
  const writing = (async () => {
    while (isWriting) await writer.multi().incr(`${PREFIX}:first`).incr(`${PREFIX}:second`).exec();
  })();
  try {
    await copyServer(copy.client(), source.url);
  } finally {
    isWriting = false;
    await writing;
  }
  const client = copy.client();
  const [first, second] = await client.mget(`${PREFIX}:first`, `${PREFIX}:second`);
  expect(Number(first)).toBeGreaterThan(0);
  expect(second).toBe(first);
  expect(await writer.info('replication')).toMatch(/role:master\r\nconnected_slaves:0/);
});

it('copies every type of key with what it has left to live, and nothing of other services', async () => {
  const from = source.client();
  await from.flushdb();
  await from.set(`${PREFIX}:text`, Buffer.from([0, 255, 10]), 'PX', 60_000);
  await from.hset(`${PREFIX}:hash`, { a: '1' });
  await from.rpush(`${PREFIX}:list`, 'x', 'y');
  await from.zadd(`${PREFIX}:sorted`, 1.5, 'm');
  await from.xadd(`${PREFIX}:stream`, '1-1', 'f', 'v');
  await from.set(`${PREFIX}other:text`, 'not ours');
  const to = new KeyCopies(copy.client(), PREFIX);
  await to.clear();
  const copies = [];
  for await (const one of new KeyCopies(from, PREFIX).read()) copies.push(one);
  expect(copies).toHaveLength(5);
  await to.write(copies);
  const client = copy.client();
  expect(await client.getBuffer(`${PREFIX}:text`)).toEqual(Buffer.from([0, 255, 10]));
  expect(await client.pttl(`${PREFIX}:text`)).toBeGreaterThan(50_000);
  expect(await client.pttl(`${PREFIX}:hash`)).toBe(-1);
  expect(await client.xrange(`${PREFIX}:stream`, '-', '+')).toEqual([['1-1', ['f', 'v']]]);
  expect(await client.exists(`${PREFIX}other:text`)).toBe(0);
  expect(await to.isEmpty()).toBe(false);
  await to.clear();
  expect(await to.isEmpty()).toBe(true);
});

it('brings back no worker of the time of the copy', async () => {
  const from = source.client();
  await from.flushdb();
  const settings = { prefix: PREFIX, resultTtlSeconds: 60 };
  await new Heartbeats(from, settings).beat({
    workerId: 'of-then',
    protocol: WORKER_PROTOCOL,
    roles: ['prepare'],
    startedAtMs: 1,
    state: 'ready',
    engines: [],
    metricsUrl: null,
    version: '0',
  });
  const copies = [];
  for await (const one of new KeyCopies(from, PREFIX).read()) copies.push(one);
  const client = copy.client();
  await new KeyCopies(client, PREFIX).write(copies);
  expect(copies.length).toBeGreaterThan(1);
  expect(await new Heartbeats(client, settings).list()).toEqual([]);
});
