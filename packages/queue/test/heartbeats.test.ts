import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { type EngineReport, type Heartbeat, WORKER_PROTOCOL } from '@sotto/contracts';
import type { RedisServer } from '@sotto/testkit';
import { z } from 'zod';
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

const model = {
  name: 'tiny',
  digest: 'd1',
  bytes: 1,
  multilingual: true,
  loaded: true,
  fits: true,
  realtimeFactor: null,
  memoryBytes: null,
  warning: null,
};

const engineOf = (report: Partial<EngineReport> = {}): EngineReport => ({
  kind: 'transcribe',
  device: 'cpu',
  defaultModel: 'tiny',
  models: [model],
  slots: 1,
  busy: 0,
  speed: null,
  ...report,
});

const beatOf = (workerId: string, beat: Partial<Heartbeat> = {}): Heartbeat => ({
  workerId,
  protocol: WORKER_PROTOCOL,
  roles: ['transcribe'],
  startedAtMs: 1,
  state: 'ready',
  engines: [engineOf()],
  metricsUrl: null,
  version: '0',
  ...beat,
});

it('lists living workers, with their last heartbeat', async () => {
  await heartbeats.beat(beatOf('b'));
  const busy = beatOf('a', { engines: [engineOf({ busy: 1, speed: 12.5 })] });
  await heartbeats.beat(beatOf('a'));
  await heartbeats.beat(busy);
  expect(await heartbeats.list()).toEqual([busy, beatOf('b')]);
  expect(await bench.lasting()).toEqual([]);
});

it('forgets a worker that stops, and one whose heartbeat has expired', async () => {
  await heartbeats.beat(beatOf('left'));
  await heartbeats.beat(beatOf('died'));
  await heartbeats.remove('left');
  await bench.redis.del(`${bench.settings.prefix}:worker:died`);
  expect(await heartbeats.list()).toEqual([]);
});

it('leaves out what it cannot read, reports it, and reads the rest', async () => {
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
  const fleet = await reader.fleet('transcribe');
  expect(fleet.workers).toEqual([beatOf('a'), beatOf('d')]);
  expect(fleet.models.map(({ name }) => name)).toEqual(['tiny']);
  expect(unreadable.sort()).toEqual(['heartbeat b', 'heartbeat c', 'model broken', 'model other']);
});

const models = async () =>
  (await heartbeats.fleet('transcribe')).models.map(({ name, digest, loaded }) => [name, digest, loaded]);
const base = { ...model, name: 'base', loaded: false };

it('knows the models of workers that are gone, as last reported', async () => {
  await heartbeats.beat(beatOf('a'));
  await heartbeats.beat(beatOf('a', { engines: [engineOf({ models: [{ ...model, digest: 'd2' }, base] })] }));
  expect(await models()).toEqual([
    ['base', 'd1', false],
    ['tiny', 'd2', true],
  ]);
  await heartbeats.remove('a');
  await heartbeats.beat(beatOf('b', { state: 'starting', engines: [engineOf({ models: [] })] }));
  await heartbeats.beat(beatOf('c', { roles: ['prepare'], engines: [] }));
  expect(await models()).toEqual([
    ['base', 'd1', false],
    ['tiny', 'd2', false],
  ]);
});

it('lists no model that no living worker reports', async () => {
  await heartbeats.beat(beatOf('a', { engines: [engineOf({ models: [model, base] })] }));
  await heartbeats.beat(beatOf('b', { engines: [engineOf({ models: [base] })] }));
  await heartbeats.beat(beatOf('a', { engines: [engineOf({ models: [base] })] }));
  expect(await models()).toEqual([['base', 'd1', false]]);
  await heartbeats.beat(beatOf('a', { engines: [engineOf({ models: [] })] }));
  await heartbeats.beat(beatOf('b', { engines: [engineOf({ models: [] })] }));
  expect(await models()).toEqual([]);
});

it('knows how fast a model is on average, and what memory it takes at most', async () => {
  const measured = (realtimeFactor: number | null, memoryBytes: number | null) =>
    engineOf({ models: [{ ...model, realtimeFactor, memoryBytes }] });
  await heartbeats.beat(beatOf('a', { engines: [measured(null, null)] }));
  expect((await heartbeats.fleet('transcribe')).models).toEqual([model]);
  await heartbeats.beat(beatOf('b', { engines: [measured(10, 300)] }));
  await heartbeats.beat(beatOf('c', { engines: [measured(20, 200)] }));
  const { models: both } = await heartbeats.fleet('transcribe');
  expect(both).toEqual([{ ...model, realtimeFactor: 15, memoryBytes: 300 }]);
});

it('forgets what no living worker has, also for the time when there is none', async () => {
  await heartbeats.beat(beatOf('a', { engines: [engineOf({ models: [model, base] })] }));
  await heartbeats.beat(beatOf('b', { engines: [engineOf({ models: [base] })] }));
  await heartbeats.remove('a');
  await heartbeats.forgetModels('transcribe');
  await heartbeats.remove('b');
  expect(await models()).toEqual([['base', 'd1', false]]);
  await heartbeats.beat(beatOf('c', { state: 'starting', engines: [engineOf({ models: [] })] }));
  await heartbeats.forgetModels('transcribe');
  expect(await models()).toEqual([['base', 'd1', false]]);
});

describe('beside builds of other protocols', () => {
  /** As the build before protocol 2 parsed it (packages/contracts/src/workers.ts at 711378a). */
  const firstSchema = z.object({
    workerId: z.string(),
    roles: z.array(z.enum(['prepare', 'transcribe'])),
    startedAtMs: z.int(),
    state: z.enum(['starting', 'ready', 'stopping']),
    device: z.string(),
    currentModel: z.string().nullable(),
    models: z.array(
      z.object({
        name: z.string(),
        digest: z.string(),
        bytes: z.int(),
        multilingual: z.boolean(),
        loaded: z.boolean(),
        warning: z.string().nullable(),
      }),
    ),
    slots: z.int(),
    busySlots: z.int(),
    rtfx: z.number().nullable(),
    metricsUrl: z.string().nullable(),
    version: z.string(),
  });

  const first = {
    workerId: 'old',
    roles: ['prepare', 'transcribe'],
    startedAtMs: 1,
    state: 'ready',
    device: 'cuda',
    currentModel: 'tiny',
    models: [model],
    slots: 8,
    busySlots: 3,
    rtfx: 41.5,
    metricsUrl: 'http://127.0.0.1:1/metrics',
    version: '0.1.0',
  };

  const write = async (id: string, record: unknown) => {
    await bench.redis.set(`${bench.settings.prefix}:worker:${id}`, JSON.stringify(record), 'PX', 15_000);
    await bench.redis.zadd(`${bench.settings.prefix}:workers`, Date.now(), id);
  };
  const written = async (id: string): Promise<unknown> =>
    JSON.parse(String(await bench.redis.get(`${bench.settings.prefix}:worker:${id}`)));

  it('reads the only engine of an older one', async () => {
    await write('old', first);
    await write('older', { ...first, workerId: 'older', roles: ['prepare'], currentModel: null, models: [], slots: 0 });
    expect(await heartbeats.list()).toEqual([
      {
        protocol: 1,
        workerId: 'old',
        roles: ['prepare', 'transcribe'],
        startedAtMs: 1,
        state: 'ready',
        engines: [engineOf({ device: 'cuda', slots: 8, busy: 3, speed: 41.5 })],
        metricsUrl: 'http://127.0.0.1:1/metrics',
        version: '0.1.0',
      },
      expect.objectContaining({ workerId: 'older', roles: ['prepare'], engines: [] }),
    ]);
  });

  it('is read by an older one', async () => {
    const engines = [engineOf({ device: 'cuda', slots: 8, busy: 3, speed: 41.5 })];
    await heartbeats.beat(beatOf('new', { roles: ['prepare', 'transcribe'], engines }));
    await heartbeats.beat(beatOf('bare', { roles: ['prepare'], engines: [] }));
    const known = { roles: ['prepare', 'transcribe'], device: 'cuda', currentModel: 'tiny', slots: 8, busySlots: 3 };
    expect(firstSchema.parse(await written('new'))).toMatchObject({ ...known, rtfx: 41.5, models: [{ name: 'tiny' }] });
    expect(firstSchema.parse(await written('bare'))).toMatchObject({ currentModel: null, models: [], slots: 0 });
  });

  it('never shows an older one a role that it does not know', async () => {
    const roles: Heartbeat['roles'] = ['prepare', 'sing' as 'transcribe'];
    await heartbeats.beat(beatOf('new', { roles, engines: [] }));
    expect(firstSchema.parse(await written('new')).roles).toEqual(['prepare']);
  });

  it('leaves out roles and engines of a newer one that it does not know, and nothing else', async () => {
    await heartbeats.beat(beatOf('new'));
    const record = (await written('new')) as { engines: unknown[] };
    const engines = [{ kind: 'sing', voices: 3 }, ...record.engines];
    await write('new', { ...record, protocol: 3, allRoles: ['sing', 'transcribe'], engines, mood: 'fine' });
    expect(await heartbeats.list()).toEqual([beatOf('new', { protocol: 3 })]);
  });
});
