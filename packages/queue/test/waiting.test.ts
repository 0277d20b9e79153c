import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { ErrorCode, Run } from '@sotto/contracts';
import { type RedisServer, waitFor } from '@sotto/testkit';
import type { Redis } from 'ioredis';
import { type ConsumerEvent, type Consumers, connectRedis, startConsumers } from '../src/index.ts';
import { Bench, startRedis } from './harness.ts';
import { type Script, scriptedHandlers } from './scripted.ts';

let server: RedisServer;
let bench: Bench;
let workerRedis: Redis;
let consumers: Consumers | null;
let events: ConsumerEvent[];

beforeAll(async () => {
  server = await startRedis();
});
afterAll(() => server.close());
beforeEach(async () => {
  bench = await Bench.open(server);
  workerRedis = connectRedis(server.url, 'worker');
  consumers = null;
  events = [];
});
afterEach(async () => {
  await consumers?.close();
  await workerRedis.quit();
  await bench.close();
});

async function consume(script: Partial<Script>, outageLimitMs?: number): Promise<void> {
  consumers = await startConsumers({
    redisUrl: server.url,
    settings: bench.settings,
    roles: ['prepare', 'transcribe'],
    handlers: scriptedHandlers(workerRedis, bench.settings, { name: 'w', windows: 3, windowMs: 1, ...script }),
    concurrency: { prepare: 2, transcribe: 2, speak: 1 },
    onEvent: (event) => events.push(event),
    ...(outageLimitMs !== undefined && { outageLimitMs }),
  });
}

const runOf = async (id: string): Promise<Run> => {
  const run = await bench.runs.run(id);
  if (run === null) throw new Error('no such run');
  return run;
};

const waits = () => events.flatMap((event) => (event.type === 'waiting' ? [event] : []));
const TIMES = 4;

describe('what the service needs and has not', () => {
  it.each([
    ['storage_unavailable', 'storage'],
    ['queue_unavailable', 'redis'],
  ] satisfies [ErrorCode, string][])(
    '%s: is waited for as %s, more often than a job is tried, and no attempt counts',
    async (code, cause) => {
      const { run } = await bench.accept();
      await consume({ windows: 1, failing: { 0: { code, times: TIMES } } });
      await waitFor(() => waits().length === TIMES, { what: 'all waits', timeoutMs: 30_000 });
      const waiting = await runOf(run.id);
      expect(waiting).toMatchObject({ status: 'processing', waiting: { cause } });
      expect(waiting.waiting?.sinceMs).toBe(waits()[0]?.sinceMs);
      expect((await bench.producer.counts()).waitingFor).toMatchObject({ [cause]: 1 });
      await waitFor(async () => (await runOf(run.id)).status === 'completed', { what: 'the end', timeoutMs: 30_000 });
      expect(await runOf(run.id)).toMatchObject({ waiting: null, error: null });
      expect((await bench.producer.counts()).waitingFor).toEqual({ storage: 0, disk: 0, redis: 0, model: 0 });
      expect(waits().map(({ attempt, kind }) => [attempt, kind])).toEqual(Array(TIMES).fill([1, 'window']));
      expect(events.filter(({ type }) => type === 'retried' || type === 'failed')).toEqual([]);
    },
  );

  it('fails the run with a code of its own when it has been away for too long', async () => {
    const { run } = await bench.accept();
    await consume({ prepareError: 'storage_unavailable' }, 1500);
    await waitFor(async () => (await runOf(run.id)).status === 'failed', { what: 'the end', timeoutMs: 30_000 });
    expect(await runOf(run.id)).toMatchObject({ error: { code: 'outage', detail: expect.stringMatching(/storage/) } });
    expect((await bench.producer.counts()).waitingFor).toMatchObject({ storage: 0 });
  });

  it('a run that is cancelled meanwhile does not wait any more', async () => {
    const { run } = await bench.accept();
    await consume({ prepareError: 'disk_full' });
    await waitFor(() => waits().length > 0, { what: 'a wait' });
    await bench.producer.cancel(run);
    expect((await bench.producer.counts()).waitingFor).toMatchObject({ disk: 0 });
    expect((await bench.producer.counts()).queues.transcriptions).toMatchObject({ delayed: 0, waiting: 0 });
  });

  it('a blob that is missing is no outage', async () => {
    const { run } = await bench.accept();
    await consume({ prepareError: 'blob_missing' });
    await waitFor(async () => (await runOf(run.id)).status === 'failed', { what: 'the end' });
    expect(waits()).toEqual([]);
  });
});

describe('a Redis that is full', () => {
  it('takes up the work again when it has room, as the same attempt', async () => {
    const { run } = await bench.accept();
    await consume({ windows: 2, windowMs: 1500 });
    await waitFor(() => events.some((event) => event.type === 'taken' && event.kind === 'window'), {
      what: 'a window',
    });
    await bench.redis.config('SET', 'maxmemory', '1');
    await waitFor(async () => (await bench.redis.set('full', '1').catch(() => 'refused')) === 'refused', {
      what: 'Redis to be full',
    });
    await new Promise((resolve) => setTimeout(resolve, 3000));
    await bench.redis.config('SET', 'maxmemory', '0');
    await waitFor(async () => (await runOf(run.id)).status === 'completed', { what: 'the end', timeoutMs: 40_000 });
    expect(events.filter(({ type }) => type === 'retried' || type === 'failed')).toEqual([]);
  }, 60_000);
});
