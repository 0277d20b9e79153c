import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from '@jest/globals';
import type { Heartbeat } from '@sotto/contracts';
import type { RedisServer } from '@sotto/testkit';
import { Heartbeats } from '../src/index.ts';
import { Bench, startRedis } from './harness.ts';

let server: RedisServer;
let bench: Bench;
let heartbeats: Heartbeats;
beforeAll(async () => {
  server = await startRedis();
});
afterAll(() => server.close());
beforeEach(async () => {
  bench = await Bench.open(server);
  heartbeats = new Heartbeats(bench.redis, bench.settings);
});
afterEach(() => bench.close());

const model = { name: 'tiny', digest: 'd1', bytes: 1, multilingual: true, loaded: true, warning: null };

const beatOf = (workerId: string, beat: Partial<Heartbeat> = {}): Heartbeat => ({
  workerId,
  roles: ['transcribe'],
  startedAtMs: 1,
  state: 'ready',
  device: 'cpu',
  currentModel: 'tiny',
  models: [model],
  slots: 1,
  busySlots: 0,
  rtfx: null,
  metricsUrl: null,
  version: '0',
  ...beat,
});

it('lists the living, with their last beat', async () => {
  await heartbeats.beat(beatOf('b'));
  await heartbeats.beat(beatOf('a', { busySlots: 0 }));
  await heartbeats.beat(beatOf('a', { busySlots: 1 }));
  expect(await heartbeats.list()).toEqual([beatOf('a', { busySlots: 1 }), beatOf('b')]);
  expect(await bench.lasting()).toEqual([]);
});

it('forgets a worker that leaves, and one whose beat has expired', async () => {
  await heartbeats.beat(beatOf('left'));
  await heartbeats.beat(beatOf('died'));
  await heartbeats.remove('left');
  await bench.redis.del(`${bench.settings.prefix}:worker:died`);
  expect(await heartbeats.list()).toEqual([]);
});

it('leaves out what it cannot read, tells of it, and reads the rest', async () => {
  const unreadable: string[] = [];
  const reader = new Heartbeats(bench.redis, {
    ...bench.settings,
    onUnreadable: (record, id) => unreadable.push(`${record} ${id}`),
  });
  for (const id of ['a', 'b', 'c', 'd']) await heartbeats.beat(beatOf(id));
  const { prefix } = bench.settings;
  await bench.redis.set(`${prefix}:worker:b`, 'not JSON', 'KEEPTTL');
  await bench.redis.set(`${prefix}:worker:c`, JSON.stringify({ ...beatOf('c'), state: 'dreaming' }), 'KEEPTTL');
  await bench.redis.hset(`${prefix}:models`, 'broken', '{', 'other', JSON.stringify({ name: 'other' }));
  expect(await reader.list()).toEqual([beatOf('a'), beatOf('d')]);
  expect((await reader.models()).map(({ name }) => name)).toEqual(['tiny']);
  expect(unreadable.sort()).toEqual(['heartbeat b', 'heartbeat c', 'model broken', 'model other']);
});

it('knows the models of workers that are gone, as last reported', async () => {
  await heartbeats.beat(beatOf('a'));
  await heartbeats.beat(
    beatOf('a', {
      models: [
        { ...model, digest: 'd2' },
        { ...model, name: 'base' },
      ],
    }),
  );
  await heartbeats.remove('a');
  const models = await heartbeats.models();
  expect(models.map(({ name, digest }) => [name, digest])).toEqual([
    ['base', 'd1'],
    ['tiny', 'd2'],
  ]);
});
