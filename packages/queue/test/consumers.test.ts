/** @alone It measures how fast a cancelled run stops. */
import { setTimeout } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Transcript } from '@sotto/contracts';
import { type RedisServer, waitFor } from '@sotto/testkit';
import type { Redis } from 'ioredis';
import { type ConsumerEvent, type Consumers, connectRedis, startConsumers } from '../src/index.ts';
import { attachInput, Bench, positionOf, startRedis } from './harness.ts';
import { logOf, type Script, scriptedHandlers } from './scripted.ts';

let server: RedisServer;
let bench: Bench;
let workerRedis: Redis;
let consumers: Consumers[];
let events: ConsumerEvent[];

beforeAll(async () => {
  server = await startRedis();
});
afterAll(() => server.close());
beforeEach(async () => {
  bench = await Bench.open(server);
  workerRedis = connectRedis(server.url, 'worker');
  consumers = [];
  events = [];
});
afterEach(async () => {
  await Promise.all(consumers.map((one) => one.close()));
  await workerRedis.quit();
  await bench.close();
});

async function consume(
  script: Partial<Script> = {},
  concurrency = { prepare: 2, transcribe: 2, speak: 1 },
): Promise<Consumers> {
  const full = { name: 'w', windows: 3, windowMs: 1, ...script };
  const one = await startConsumers({
    redisUrl: server.url,
    settings: bench.settings,
    roles: ['prepare', 'transcribe'],
    handlers: scriptedHandlers(workerRedis, bench.settings, full),
    concurrency,
    onEvent: (event) => events.push(event),
  });
  consumers.push(one);
  return one;
}

const ended = (runId: string) => bench.events.waitForEnd(runId, AbortSignal.timeout(20_000));
const typesOf = (kind: string) =>
  events.filter((event) => 'kind' in event && event.kind === kind).map(({ type }) => type);
const unexpected = () => events.filter(({ type }) => ['error', 'lock_lost', 'stalled'].includes(type));
const log = () => logOf(bench.redis, bench.settings.prefix);

/** BullMQ settles a job a moment after its handler has ended the run. */
async function settled(): Promise<void> {
  await waitFor(
    async () => {
      const { queues } = await bench.producer.counts();
      const ours = [queues.transcriptions, queues.windows, queues['urgent-windows']];
      return ours.every(
        (queue) => queue !== undefined && queue.waiting + queue.active + queue.delayed + queue.suspended === 0,
      );
    },
    { what: 'the queues to be empty' },
  );
  expect(await bench.lasting()).toEqual([]);
}

describe('a run', () => {
  it('goes through all its steps, with children of two kinds, each once', async () => {
    await consume({ detect: true, windows: 5 });
    const { run, request } = await bench.accept();
    expect(await ended(run.id)).toMatchObject({ status: 'completed', progress: 100, windowsDone: 5, windowsTotal: 5 });
    expect((await bench.runs.result<Transcript>(run))?.text).toBe(' de0 de1 de2 de3 de4');
    expect(await bench.runs.view(request.id)).toMatchObject({ run: { status: 'completed' } });
    const lines = await log();
    expect(lines.filter((line) => line.includes('start language'))).toHaveLength(1);
    expect(lines.filter((line) => line.includes('start window'))).toHaveLength(5);
    expect(lines.filter((line) => line.includes('start transcribe'))).toHaveLength(3);
    await settled();
    expect(typesOf('transcribe')).toEqual(['taken', 'suspended', 'taken', 'suspended', 'taken', 'finished']);
    expect(unexpected()).toEqual([]);
  });

  it('without windows completes', async () => {
    await consume({ windows: 0 });
    const { run } = await bench.accept();
    expect(await ended(run.id)).toMatchObject({ status: 'completed' });
    await settled();
  });

  it('adds more children than fit in one batch', async () => {
    await consume({ windows: 450, windowMs: 0 }, { prepare: 1, transcribe: 8, speak: 1 });
    const { run } = await bench.accept();
    expect(await ended(run.id)).toMatchObject({ status: 'completed', windowsDone: 450 });
    const texts = (await bench.events.read(run.id)).flatMap(({ event }) => (event.type === 'text' ? [event.text] : []));
    expect(texts).toEqual(Array.from({ length: 450 }, (_, i) => ` ${i}`));
    await settled();
  });

  it('is submitted many times and runs once', async () => {
    const { run } = await bench.accept();
    await Promise.all([bench.producer.submit(run), bench.producer.submit(run), bench.producer.submit(run)]);
    await consume({ windows: 1 });
    await ended(run.id);
    await bench.producer.submit(run);
    await settled();
    expect((await log()).filter((line) => line.includes('start window'))).toHaveLength(1);
  });

  it('completes 20 at once', async () => {
    await consume({ windows: 4, windowMs: 2 });
    const accepted = await Promise.all(Array.from({ length: 20 }, () => bench.accept()));
    const ends = await Promise.all(accepted.map(({ run }) => ended(run.id)));
    expect(ends.map(({ status }) => status)).toEqual(Array.from({ length: 20 }, () => 'completed'));
    await settled();
  });
});

describe('failure', () => {
  it('of one window fails the run with its error and removes its siblings', async () => {
    await consume({ windows: 50, windowMs: 30, failing: { 1: { code: 'undecodable_media', times: 9 } } });
    const { run } = await bench.accept();
    expect(await ended(run.id)).toMatchObject({
      status: 'failed',
      error: { code: 'undecodable_media', detail: 'window 1' },
    });
    await settled();
    expect((await log()).filter((line) => line.includes('start window')).length).toBeLessThan(6);
    expect(events.filter(({ type }) => type === 'failed')).toHaveLength(1);
    expect(unexpected()).toEqual([]);
  });

  it('that may be temporary is tried again, and cannot be seen', async () => {
    await consume({ windows: 3, failing: { 2: { code: 'transcription_failed', times: 2 } } });
    const { run } = await bench.accept();
    expect(await ended(run.id)).toMatchObject({ status: 'completed' });
    expect(events.filter(({ type }) => type === 'retried')).toHaveLength(2);
    await settled();
  });

  it('that stays fails the run after three attempts', async () => {
    await consume({ windows: 2, failing: { 0: { code: 'transcription_failed', times: 99 } } });
    const { run } = await bench.accept();
    expect(await ended(run.id)).toMatchObject({ status: 'failed', error: { code: 'transcription_failed' } });
    expect(typesOf('window').filter((type) => type === 'retried')).toHaveLength(2);
    await settled();
  });

  it('of the recording itself fails the run at once', async () => {
    await consume({ prepareError: 'no_audio_stream' });
    const { run } = await bench.accept();
    expect(await ended(run.id)).toMatchObject({ status: 'failed', error: { code: 'no_audio_stream' } });
    await settled();
    expect(typesOf('transcribe')).toEqual(['taken', 'failed']);
  });
});

describe('cancel', () => {
  it('removes a waiting run at once, without any worker', async () => {
    const { run } = await bench.accept();
    expect(await positionOf(bench, run)).toBe(1);
    expect(await bench.producer.cancel(run)).toBe(true);
    expect(await bench.runs.run(run.id)).toMatchObject({ status: 'cancelled' });
    await settled();
    expect(await bench.producer.cancel(run)).toBe(false);
  });

  it('stops a running one from another connection within a second, whatever its windows do', async () => {
    await consume({ windows: 300, windowMs: 60_000 });
    const { run } = await bench.accept();
    await waitFor(async () => (await log()).filter((line) => line.includes('start window')).length === 2, {
      what: 'two windows to be processed',
    });
    const before = performance.now();
    await bench.producer.cancel(run);
    await settled();
    expect(performance.now() - before).toBeLessThan(1000);
    expect((await log()).filter((line) => line.includes('abort:run_ended'))).toHaveLength(2);
    expect(events.filter(({ type }) => type === 'failed' || type === 'retried')).toEqual([]);
    expect(unexpected()).toEqual([]);
  });

  it('at any moment leaves nothing behind', async () => {
    await consume({ windows: 300, windowMs: 3, detect: true }, { prepare: 3, transcribe: 4, speak: 1 });
    for (let delayMs = 0; delayMs < 260; delayMs += 13) {
      const { run, request } = await bench.accept();
      await setTimeout(delayMs);
      await bench.producer.cancel(run);
      expect(await bench.runs.view(request.id)).toMatchObject({ run: { status: 'cancelled' } });
    }
    await settled();
    expect(events.filter(({ type }) => type === 'failed' || type === 'retried')).toEqual([]);
    expect(unexpected()).toEqual([]);
  }, 60_000);

  it('leaves the others alone', async () => {
    await consume({ windows: 2, windowMs: 100 }, { prepare: 2, transcribe: 4, speak: 1 });
    const [a, b] = await Promise.all([bench.accept(), bench.accept()]);
    await waitFor(async () => (await log()).some((line) => line.includes('start window')), { what: 'a window' });
    await bench.producer.cancel(a.run);
    expect(await ended(b.run.id)).toMatchObject({ status: 'completed' });
    await settled();
  });
});

describe('a job that BullMQ gives up', () => {
  it('fails its run', async () => {
    const { run } = await bench.accept();
    // As BullMQ leaves a job of which more workers died than it allows.
    await bench.redis.hset(
      `${bench.settings.prefix}:transcriptions:${run.id}`,
      'defa',
      'job stalled more than allowable limit',
    );
    await consume();
    expect(await ended(run.id)).toMatchObject({ status: 'failed', error: { code: 'transcription_failed' } });
    expect(await log()).toEqual([]);
    await settled();
  });

  it('of a window fails its run and removes the other windows', async () => {
    const preparing = await consume({ windows: 30, windowMs: 20 }, { prepare: 1, transcribe: 1, speak: 1 });
    const { run } = await bench.accept();
    const jobKey = `${bench.settings.prefix}:urgent-windows:${run.id}.windows.20`;
    await waitFor(async () => (await bench.redis.exists(jobKey)) === 1, {
      what: 'the window to be added',
      intervalMs: 1,
    });
    await bench.redis.hset(jobKey, 'defa', 'job stalled more than allowable limit');
    expect(await ended(run.id)).toMatchObject({ status: 'failed', error: { code: 'transcription_failed' } });
    await settled();
    expect(await preparing.isHealthy()).toBe(true);
  });
});

describe('a lock that is lost', () => {
  it('stops the handler, and the job runs again', async () => {
    await consume({ windows: 1, windowMs: 20_000 }, { prepare: 1, transcribe: 1, speak: 1 });
    const { run } = await bench.accept();
    const jobKey = `${bench.settings.prefix}:urgent-windows:${run.id}.windows.0`;
    await waitFor(async () => (await bench.redis.exists(`${jobKey}:lock`)) === 1, {
      what: 'the window to be processed',
    });
    await bench.redis.set(`${jobKey}:lock`, 'of somebody else', 'PX', 4000);
    await waitFor(async () => (await log()).includes('w abort:lock_lost window 0'), {
      what: 'it to stop',
      timeoutMs: 15_000,
    });
    await waitFor(async () => (await log()).filter((line) => line === 'w start window 0').length === 2, {
      what: 'it to start again',
      timeoutMs: 30_000,
    });
    expect(events.filter(({ type }) => type === 'lock_lost')).toHaveLength(1);
    expect(events.filter(({ type }) => type === 'failed' || type === 'retried')).toEqual([]);
    await bench.producer.cancel(run);
    await settled();
  }, 60_000);
});

describe('counts and position', () => {
  it('show what waits, in the order in which it will be taken', async () => {
    const upload = { ...attachInput().input, bytes: 100_000_000 };
    const batch = await bench.accept({ lane: 'batch', input: upload });
    const first = await bench.accept({ lane: 'interactive' });
    const second = await bench.accept({ lane: 'interactive' });
    const positions = await Promise.all([first, second, batch].map(({ run }) => positionOf(bench, run)));
    expect(positions).toEqual([1, 2, 3]);
    const views = await Promise.all([first, second, batch].map(({ request }) => bench.runs.view(request.id)));
    expect(views).toMatchObject([{ position: 1 }, { position: 2 }, { position: 3 }]);
    expect(await bench.producer.counts()).toMatchObject({ runs: 3, waiting: 3, active: 0 });
    for (const { run } of [batch, first, second]) await bench.producer.cancel(run);
    expect(await bench.producer.counts()).toMatchObject({ runs: 0, waiting: 0 });
  });
});
