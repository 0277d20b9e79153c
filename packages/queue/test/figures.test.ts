import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from '@jest/globals';
import { type Heartbeat, NO_KEY_LIMITS, WORKER_PROTOCOL } from '@sotto/contracts';
import type { RedisServer } from '@sotto/testkit';
import { ApiKeys, FigureReader, Heartbeats, Sweeper } from '../src/index.ts';
import { attachInput, Bench, planOf, startRedis, transcriptOf } from './harness.ts';

let server: RedisServer;
let bench: Bench;
let sweeper: Sweeper;
let lease: string;
beforeAll(async () => {
  server = await startRedis();
});
afterAll(() => server.close());
beforeEach(async () => {
  bench = await Bench.open(server);
  sweeper = new Sweeper(bench.redis, bench.settings);
  lease = `${bench.settings.prefix}:figures:lease`;
});
afterEach(async () => {
  await sweeper.close();
  await bench.close();
});

const readerOf = (of = bench) => new FigureReader(of.redis, of.settings, of.producer);

/** Taken now, whatever others have taken before. */
async function figures() {
  await bench.redis.del(lease);
  return readerOf().read();
}

const HOUR_MP3 = { ...attachInput().input, container: 'mp3' as const, bytes: 57_600_000 };
const CLIP = { ...attachInput().input, container: 'mp3' as const, bytes: 16_000 };

const beat = (speed: number | null): Heartbeat => ({
  protocol: WORKER_PROTOCOL,
  workerId: 'w',
  roles: ['transcribe'],
  startedAtMs: 1,
  state: 'ready',
  engines: [{ kind: 'transcribe', device: 'cpu', defaultModel: null, models: [], slots: 1, busy: 0, speed }],
  metricsUrl: null,
  version: '0',
});

it('tells all replicas the same for two seconds, and then anew', async () => {
  const other = await Bench.open(server, bench.settings);
  const first = await readerOf().read();
  expect(await bench.redis.pttl(lease)).toBeLessThanOrEqual(2_000);
  // Held longer here, so that a busy machine does not let it expire in between.
  await bench.redis.set(lease, '1', 'PX', 60_000);
  await bench.accept({ input: HOUR_MP3, lane: 'batch' });
  expect(await readerOf(other).read()).toEqual(first);
  await bench.redis.del(lease);
  expect(await readerOf(other).read()).toMatchObject({ runs: 1, backlogAudioMs: 3_600_000 });
  await other.close();
});

it('tells of each lane how much waits, and since when', async () => {
  const { run: long } = await bench.accept({ input: HOUR_MP3, lane: 'batch', nowMs: Date.now() - 90_000 });
  await bench.accept({ input: HOUR_MP3, lane: 'batch', nowMs: Date.now() - 30_000 });
  await bench.accept({ input: CLIP, nowMs: Date.now() - 5_000 });
  const before = await figures();
  expect(before.lanes).toMatchObject({ batch: { runs: 2, audioMs: 7_200_000 }, interactive: { runs: 1 } });
  expect(before.lanes.batch.oldestWaitingMs).toBeGreaterThanOrEqual(90_000);
  expect(before.lanes.interactive.oldestWaitingMs).toBeGreaterThanOrEqual(5_000);
  expect(before.lanes.interactive.oldestWaitingMs).toBeLessThan(30_000);
  // A run that a worker has begun waits no longer.
  await bench.runs.start(long);
  const { oldestWaitingMs } = (await figures()).lanes.batch;
  expect(oldestWaitingMs).toBeGreaterThanOrEqual(30_000);
  expect(oldestWaitingMs).toBeLessThan(90_000);
});

it('knows the speed of workers that have gone', async () => {
  const heartbeats = new Heartbeats(bench.redis, bench.settings);
  await bench.accept({ input: HOUR_MP3, lane: 'batch' });
  expect((await figures()).speed).toEqual({ workers: 0, workerRtfx: 1 });
  await heartbeats.beat(beat(20));
  expect((await figures()).speed).toEqual({ workers: 1, workerRtfx: 20 });
  await heartbeats.remove('w');
  expect((await figures()).speed).toEqual({ workers: 0, workerRtfx: 20 });
});

it('names the keys with the most work, and those that are close to a limit, but only a few', async () => {
  const keys = new ApiKeys(bench.redis, bench.settings);
  const make = (concurrentJobs: number | null) =>
    keys.create({
      name: 'k',
      scopes: ['transcribe'],
      weight: 1,
      mayRaisePriority: false,
      keep: false,
      webhookUrl: null,
      userId: null,
      expiresAtMs: null,
      limits: { ...NO_KEY_LIMITS, concurrentJobs },
    });
  const { key: busy } = await make(4);
  await Promise.all([1, 2, 3].map(() => bench.accept({ keyId: busy.id, input: HOUR_MP3, lane: 'batch' })));
  for (let i = 0; i < 7; i += 1) {
    const { key } = await make(null);
    await bench.accept({ keyId: key.id, input: CLIP });
  }
  const { keys: told } = await figures();
  expect(told.backlog).toHaveLength(6);
  expect(told.backlog[0]).toEqual({ key: busy.id, runs: 3, audioMs: 10_800_000 });
  expect(told.backlog.at(-1)).toMatchObject({ key: 'other', runs: 3 });
  expect(told.saturation).toEqual([{ key: busy.id, limit: 'concurrent_jobs', ratio: 0.75 }]);
});

it('tells how many events wait in each outbox, and for how long', async () => {
  const { run } = await bench.accept();
  expect((await figures()).outbox).toEqual({
    webhooks: { events: 0, overdueMs: 0 },
    batches: { events: 0, overdueMs: 0 },
    library: { events: 0, overdueMs: 0 },
    recordings: { events: 0, overdueMs: 0 },
  });
  await bench.redis.zadd(`${bench.settings.prefix}:outbox:webhooks`, Date.now() - 60_000, 'job_ended:x:1');
  const { outbox } = await figures();
  expect(outbox.webhooks?.events).toBe(1);
  expect(outbox.webhooks?.overdueMs).toBeGreaterThanOrEqual(60_000);
  await bench.windows.planned(run, planOf(1));
  await bench.runs.complete(run, transcriptOf('a'));
});

it('tells what sweeps did and found, whichever worker did them', async () => {
  const held = { uploads: 3, uploadBytes: 30, audioBytes: 7 };
  expect((await figures()).sweep).toMatchObject({ lastSuccessAtMs: null, totals: { sweeps: 0 } });
  await sweeper.log.add({ resubmitted: 1, failed: 0, cancelled: 2, removed: 4 }, { ...held, uploads: 9 }, 1_000);
  await sweeper.log.add({ resubmitted: 1, failed: 1, cancelled: 0, removed: 0 }, held, 2_000);
  expect((await figures()).sweep).toEqual({
    lastSuccessAtMs: 2_000,
    ...held,
    totals: { sweeps: 2, resubmitted: 2, failed: 1, cancelled: 2, removed: 4 },
  });
});

it('tells the state of Redis, and leaves nothing that lasts', async () => {
  const { redis } = await figures();
  expect(redis).toMatchObject({ limitBytes: null, isAppendOnlyHealthy: true });
  expect(redis.usedBytes).toBeGreaterThan(100_000);
  expect(await bench.lasting()).toEqual([]);
});

it('does not believe figures of another build', async () => {
  const taken = `${bench.settings.prefix}:figures`;
  await bench.redis.set(taken, JSON.stringify({ version: 2, runs: 'many' }), 'PX', 60_000);
  await bench.redis.set(lease, '1', 'PX', 60_000);
  expect(await readerOf().read()).toMatchObject({ version: 1, runs: 0 });
});
