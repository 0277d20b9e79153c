import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { type Run, WORKER_PROTOCOL } from '@sotto/contracts';
import { type RedisServer, waitFor } from '@sotto/testkit';
import type { Queue } from 'bullmq';
import { Batches, type ConsumerEvent, type Consumers, Sweeper, startConsumers } from '../src/index.ts';
import { openQueue } from '../src/redis/queues.ts';
import { attachInput, Bench, startRedis } from './harness.ts';
import { scriptedHandlers } from './scripted.ts';

let server: RedisServer;
let bench: Bench;
let consumers: Consumers | null;
let events: ConsumerEvent[];
let unreadable: string[];

beforeAll(async () => {
  server = await startRedis();
});
afterAll(() => server.close());
beforeEach(async () => {
  unreadable = [];
  bench = await Bench.open(server, { onUnreadable: (record, id) => unreadable.push(`${record} ${id}`) });
  consumers = null;
  events = [];
});
afterEach(async () => {
  await consumers?.close();
  await bench.close();
});

async function start(): Promise<void> {
  consumers = await startConsumers({
    redisUrl: server.url,
    settings: bench.settings,
    roles: ['prepare', 'transcribe'],
    handlers: scriptedHandlers(bench.redis, bench.settings, { name: 'a', windows: 1, windowMs: 1 }),
    concurrency: { prepare: 1, transcribe: 1, speak: 1 },
    onEvent: (event) => events.push(event),
  });
}

const runKey = (run: Pick<Run, 'id'>) => `${bench.settings.prefix}:run:${run.id}`;
const handedBack = () => events.filter(({ type }) => type === 'handed_back');
const isOver = async (run: Run) => (await bench.runs.run(run.id))?.status !== 'processing';

/** A run in the queue, changed before any worker sees it. */
async function changed(change: (run: Run, queue: Queue) => Promise<unknown>): Promise<Run> {
  const { run } = await bench.accept();
  const queue = openQueue(bench.redis, bench.settings.prefix, 'transcriptions', () => {});
  await change(run, queue);
  await queue.close();
  return run;
}

describe('work of a newer build is handed back, untouched and uncounted', () => {
  it.each<[string, (run: Run, queue: Queue) => Promise<unknown>, RegExp]>([
    [
      'a payload of a newer version',
      async (run, queue) => (await queue.getJob(run.id))?.updateData({ runId: run.id, version: 99 }),
      /version of a payload: 99/,
    ],
    [
      'a payload with a part it does not know',
      async (run, queue) => (await queue.getJob(run.id))?.updateData({ runId: run.id, version: 1, speakers: 2 }),
      /part of a payload: speakers/,
    ],
    [
      'an option it does not know',
      async (run) => {
        const options = JSON.stringify({ ...(run.options as object), diarize: true });
        await bench.redis.hset(runKey(run), 'options', options);
      },
      /unknown options: diarize/,
    ],
    [
      'a run that wants a newer worker',
      (run) => bench.redis.hset(runKey(run), 'leastWorker', WORKER_PROTOCOL + 1),
      /protocol of a run/,
    ],
    [
      'a run of a kind it does not know',
      (run) => bench.redis.hset(runKey(run), 'kind', 'dubbing'),
      /unknown kind: dubbing/,
    ],
  ])('%s', async (_name, change, reason) => {
    const run = await changed(change);
    await start();
    await waitFor(() => handedBack().length > 0, { what: 'it to be handed back' });
    expect(handedBack()[0]).toMatchObject({ queue: 'transcriptions', jobId: run.id });
    expect(handedBack()[0]).toMatchObject({ reason: expect.stringMatching(reason) });
    // Others continue, and it is unchanged for builds that know it.
    const { run: other } = await bench.accept();
    await waitFor(() => isOver(other), { what: 'another run' });
    const queue = openQueue(bench.redis, bench.settings.prefix, 'transcriptions', () => {});
    const job = await queue.getJob(run.id);
    expect(await job?.getState()).toBe('delayed');
    expect(job?.attemptsMade).toBe(0);
    await queue.close();
    expect(await bench.redis.hget(runKey(run), 'status')).toBe('processing');
  });

  it('a kind of job it does not know', async () => {
    const queue = openQueue(bench.redis, bench.settings.prefix, 'windows', () => {});
    await queue.add('summary', { runId: randomUUID() }, { jobId: 'new' });
    await start();
    await waitFor(() => handedBack().length > 0, { what: 'it to be handed back' });
    expect(handedBack()[0]).toMatchObject({ queue: 'windows', jobId: 'new', reason: 'kind of job: summary' });
    expect(await (await queue.getJob('new'))?.getState()).toBe('delayed');
    await queue.close();
  });

  it('and processed by a worker that knows it', async () => {
    const run = await changed((made) => bench.redis.hset(runKey(made), 'leastWorker', WORKER_PROTOCOL + 1));
    await start();
    await waitFor(() => handedBack().length > 0, { what: 'it to be handed back' });
    await bench.redis.hset(runKey(run), 'leastWorker', WORKER_PROTOCOL);
    await waitFor(() => isOver(run), { what: 'it to be processed', timeoutMs: 20_000 });
    expect(await bench.runs.run(run.id)).toMatchObject({ status: 'completed' });
  });
});

describe('one record that cannot be read', () => {
  it('costs a list only that one', async () => {
    const [a, b, c] = [await bench.accept(), await bench.accept(), await bench.accept()];
    await bench.redis.hset(runKey(b.run), 'kind', 'dubbing');
    const page = await bench.runs.list({ keyId: null, limit: 10 });
    expect(page.items.map(({ request }) => request.id)).toEqual([c.request.id, a.request.id]);
    expect(unreadable).toEqual([`request ${b.request.id}`]);
    // It stays in the index for builds that can read it.
    await bench.redis.hset(runKey(b.run), 'kind', 'transcription');
    expect((await bench.runs.list({ keyId: null, limit: 10 })).items).toHaveLength(3);
  });

  it('costs a sweep neither other runs nor a batch', async () => {
    // As left by a process that died before it submitted the run.
    const lost = await bench.runs.attach(attachInput({ nowMs: Date.now() - 60_000 }));
    const strange = await bench.accept({ nowMs: Date.now() - 60_000 });
    await bench.redis.hset(runKey(strange.run), 'kind', 'dubbing');
    const batches = new Batches(bench.redis, bench.settings);
    const batchId = await batches.begin(null, Date.now());
    await batches.accept(batchId, { items: [], delivery: lost.request.delivery, nowMs: Date.now() });
    await bench.redis.hset(`${bench.settings.prefix}:batch:${batchId}`, 'delivery', '{"newer":true}');
    await bench.redis.zadd(`${bench.settings.prefix}:batches`, Date.now(), batchId);

    const sweeper = new Sweeper(bench.redis, bench.settings);
    const report = await sweeper.sweep();
    await sweeper.close();
    expect(report.resubmitted).toEqual([lost.run.id]);
    expect(report.unreadable).toEqual([strange.run.id]);
    expect(unreadable.sort()).toEqual([`batch ${batchId}`, `run ${strange.run.id}`]);
    expect(await bench.redis.zscore(`${bench.settings.prefix}:processing`, strange.run.id)).not.toBeNull();
  });

  it('costs a listener the event, and none after it', async () => {
    const { run } = await bench.accept();
    const seen: string[] = [];
    const following = (async () => {
      for await (const { event } of bench.events.follow(run.id, null, AbortSignal.timeout(10_000)))
        seen.push(event.type);
    })();
    await bench.runs.start(run);
    await bench.redis.xadd(`${runKey(run)}:events`, '*', 'e', '{"type":"speaker","id":1}');
    await bench.runs.cancel(run);
    await following;
    expect(seen).toEqual(['progress', 'cancelled']);
  });
});
