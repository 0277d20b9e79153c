/** What readers do with records of a later build. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { type RedisServer, UnknownRecords, waitFor } from '@sotto/testkit';
import { Queue } from 'bullmq';
import type { Redis } from 'ioredis';
import {
  Batches,
  type ConsumerEvent,
  type Consumers,
  connectRedis,
  Heartbeats,
  Sweeper,
  startConsumers,
} from '../src/index.ts';
import { attachInput, Bench, startRedis } from './harness.ts';
import { scriptedHandlers } from './scripted.ts';

let server: RedisServer;
let bench: Bench;
let unknown: UnknownRecords;

beforeAll(async () => {
  server = await startRedis();
});
afterAll(() => server.close());
beforeEach(async () => {
  bench = await Bench.open(server);
  unknown = new UnknownRecords(bench.redis, bench.settings.prefix);
});
afterEach(() => bench.close());

describe('a list of requests', () => {
  it('leaves out a request whose run it cannot read', async () => {
    const { request } = await bench.accept();
    await unknown.run();
    const { items } = await bench.runs.list({ keyId: null, limit: 10 });
    expect(items.map((item) => item.request.id)).toEqual([request.id]);
  });

  it('leaves out a request that it cannot read, and keeps it in the index', async () => {
    const { run, request } = await bench.accept();
    const id = await unknown.requestOn(run.id);
    const { items } = await bench.runs.list({ keyId: null, limit: 10 });
    expect(items.map((item) => item.request.id)).toEqual([request.id]);
    // The build that wrote it will list it again.
    const index = await bench.redis.zrange(`${bench.settings.prefix}:requests`, '0', '-1');
    expect(index.filter((member) => member.endsWith(id))).toHaveLength(1);
  });
});

describe('a sweep', () => {
  let sweeper: Sweeper;
  beforeEach(() => {
    sweeper = new Sweeper(bench.redis, bench.settings);
  });
  afterEach(() => sweeper.close());

  it('repairs the runs after one that it cannot read, and leaves that one alone', async () => {
    const { runId } = await unknown.run();
    const { run } = await bench.runs.attach(attachInput());
    expect(await sweeper.sweep(0)).toMatchObject({ resubmitted: [run.id], failed: [], cancelled: [] });
    expect(await bench.redis.hget(`${bench.settings.prefix}:run:${runId}`, 'status')).toBe('processing');
  });

  it('knows that the blobs of a run that it cannot read are needed', async () => {
    await unknown.run({ upload: JSON.stringify({ blobKey: 'uploads/later' }) });
    expect((await sweeper.sweep(0)).blobKeysInUse).toContain('uploads/later');
  });

  it('repairs runs although there is a batch that it cannot read', async () => {
    await unknown.batch();
    const { run } = await bench.runs.attach(attachInput());
    expect(await sweeper.sweep(0)).toMatchObject({ resubmitted: [run.id] });
  });
});

it('a batch that cannot be read is unknown', async () => {
  const id = await unknown.batch();
  expect(await new Batches(bench.redis, bench.settings).view(id)).toBeNull();
});

it('a list of workers leaves out one that it cannot read', async () => {
  await unknown.heartbeat();
  expect(await new Heartbeats(bench.redis, bench.settings).list()).toEqual([]);
});

it('events after an unknown one are read', async () => {
  const { run } = await bench.accept();
  await unknown.event(run.id);
  await bench.runs.cancel(run);
  expect((await bench.events.read(run.id)).map(({ event }) => event)).toEqual([{ type: 'cancelled' }]);
});

describe('a worker', () => {
  let workerRedis: Redis;
  let consumers: Consumers;
  let events: ConsumerEvent[];
  let windows: Queue;
  let transcriptions: Queue;

  beforeEach(async () => {
    workerRedis = connectRedis(server.url, 'worker');
    events = [];
    const options = { connection: workerRedis, prefix: bench.settings.prefix };
    windows = new Queue('windows', options);
    transcriptions = new Queue('transcriptions', options);
    consumers = await startConsumers({
      redisUrl: server.url,
      settings: bench.settings,
      roles: ['prepare', 'transcribe'],
      handlers: scriptedHandlers(workerRedis, bench.settings, { name: 'w', windows: 1, windowMs: 1 }),
      concurrency: { prepare: 1, transcribe: 1, speak: 1 },
      onEvent: (event) => events.push(event),
    });
  });

  afterEach(async () => {
    await Promise.all([windows.close(), transcriptions.close()]);
    await consumers.close();
    await workerRedis.quit();
  });

  /** A later job of the same queue is done, so this one has been taken. */
  async function isMet(): Promise<void> {
    const { run } = await bench.accept();
    const ended = await bench.events.waitForEnd(run.id, AbortSignal.timeout(20_000));
    expect(ended.status).toBe('completed');
  }

  it('hands a job of an unknown kind back untouched, and does not fail its run', async () => {
    const { run } = await bench.runs.attach(attachInput());
    const job = await windows.add(
      'somersault',
      { runId: run.id },
      { jobId: `${run.id}.x.0`, attempts: 3, priority: 1 },
    );
    await waitFor(async () => !['waiting', 'prioritized'].includes(await job.getState()), { what: 'it to be taken' });
    await isMet();
    expect(await bench.runs.run(run.id)).toMatchObject({ status: 'processing' });
    expect(await job.getState()).not.toBe('failed');
    expect((await windows.getJob(String(job.id)))?.attemptsMade).toBe(0);
  });

  it('hands a payload of a later version back untouched', async () => {
    const { run } = await bench.runs.attach(attachInput());
    const payload = { version: 99, runId: run.id, part: 'first' };
    const job = await windows.add('window', payload, { jobId: `${run.id}.x.0`, attempts: 3, priority: 1 });
    await waitFor(async () => !['waiting', 'prioritized'].includes(await job.getState()), { what: 'it to be taken' });
    await isMet();
    expect(await bench.runs.run(run.id)).toMatchObject({ status: 'processing' });
    expect((await windows.getJob(String(job.id)))?.attemptsMade).toBe(0);
  });

  it('hands the job of a run that it cannot read back untouched', async () => {
    const { runId } = await unknown.run();
    const job = await transcriptions.add('transcribe', { runId }, { jobId: runId, attempts: 3, priority: 1 });
    await waitFor(async () => !['waiting', 'prioritized'].includes(await job.getState()), { what: 'it to be taken' });
    await isMet();
    expect(await bench.redis.hget(`${bench.settings.prefix}:run:${runId}`, 'status')).toBe('processing');
    expect((await transcriptions.getJob(runId))?.attemptsMade).toBe(0);
  });
});
