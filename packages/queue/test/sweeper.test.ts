import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { type RedisServer, waitFor } from '@sotto/testkit';
import { Queue, Worker } from 'bullmq';
import { connectRedis, Sweeper, startConsumers } from '../src/index.ts';
import { attachInput, Bench, planOf, positionOf, startRedis } from './harness.ts';
import { scriptedHandlers } from './scripted.ts';

let server: RedisServer;
let bench: Bench;
let sweeper: Sweeper;
beforeAll(async () => {
  server = await startRedis();
});
afterAll(() => server.close());
beforeEach(async () => {
  bench = await Bench.open(server);
  sweeper = new Sweeper(bench.redis, bench.settings);
});
afterEach(async () => {
  await sweeper.close();
  await bench.close();
});

const nothing = { resubmitted: [], failed: [], cancelled: [] };

describe('sweep', () => {
  it('submits a run whose process died between attach and submit', async () => {
    const { run } = await bench.runs.attach(attachInput());
    expect(await sweeper.sweep()).toMatchObject(nothing);
    expect(await sweeper.sweep(0)).toMatchObject({ ...nothing, resubmitted: [run.id] });
    expect(await positionOf(bench, run)).toBe(1);
    expect(await sweeper.sweep(0)).toMatchObject(nothing);
    await bench.producer.cancel(run);
    expect(await bench.lasting()).toEqual([]);
  });

  it('fails a run whose job ended without it', async () => {
    const { run } = await bench.accept();
    const connection = connectRedis(server.url, 'worker');
    const fail = async () => {
      throw new Error('as if its worker had died too often');
    };
    const worker = new Worker('transcriptions', fail, { connection, prefix: bench.settings.prefix });
    const queue = new Queue('transcriptions', { connection, prefix: bench.settings.prefix });
    await waitFor(async () => (await queue.getJobState(run.id)) === 'failed', { what: 'the job to fail' });
    expect(await sweeper.sweep(0)).toMatchObject({ ...nothing, failed: [run.id] });
    expect(await bench.runs.run(run.id)).toMatchObject({ status: 'failed', error: { code: 'transcription_failed' } });
    await worker.close();
    await queue.close();
    await connection.quit();
  }, 30_000);

  it('submits a run again whose end was lost after its job was done', async () => {
    const { run } = await bench.accept();
    const connection = connectRedis(server.url, 'worker');
    const worker = new Worker('transcriptions', async () => {}, { connection, prefix: bench.settings.prefix });
    const queue = new Queue('transcriptions', { connection, prefix: bench.settings.prefix });
    await waitFor(async () => (await queue.getJobState(run.id)) === 'completed', { what: 'the job to be done' });
    await worker.close();
    expect(await sweeper.sweep(0)).toMatchObject({ ...nothing, resubmitted: [run.id] });
    expect(await queue.getJobState(run.id)).toBe('prioritized');
    await bench.producer.cancel(run);
    await queue.close();
    await connection.quit();
  }, 30_000);

  it('cancels a run without requests', async () => {
    const { run, request } = await bench.accept();
    expect((await bench.runs.detach(request.id)).last).toBe(true);
    expect(await sweeper.sweep(0)).toMatchObject({ ...nothing, cancelled: [run.id] });
    expect(await bench.runs.run(run.id)).toMatchObject({ status: 'cancelled' });
    expect(await bench.lasting()).toEqual([]);
  });

  it('leaves healthy runs alone, and names the blobs they need', async () => {
    const waiting = await bench.accept({ input: { ...attachInput().input, blobKey: 'uploads/waiting' } });
    const planned = await bench.accept();
    await bench.windows.planned(planned.run, planOf(1));
    const done = await bench.accept({ input: { ...attachInput().input, blobKey: 'uploads/done' } });
    await bench.producer.cancel(done.run);
    const report = await sweeper.sweep(0);
    expect(report).toMatchObject(nothing);
    expect([...report.blobKeysInUse].sort()).toEqual(['audio/1', 'uploads/1', 'uploads/waiting']);
    for (const { run } of [waiting, planned]) await bench.producer.cancel(run);
  });

  it('restarts a run whose windows vanished from the queue', async () => {
    const redis = connectRedis(server.url, 'worker');
    const script = { name: 'w', windows: 4, windowMs: 0 };
    const start = (roles: ('prepare' | 'transcribe')[]) =>
      startConsumers({
        redisUrl: server.url,
        settings: bench.settings,
        roles,
        handlers: scriptedHandlers(redis, bench.settings, script),
        concurrency: { prepare: 1, transcribe: 1, speak: 1 },
        onEvent: () => {},
      });
    const preparing = await start(['prepare']);
    const { run } = await bench.accept();
    await waitFor(async () => (await bench.producer.counts()).queues.transcriptions?.suspended === 1, {
      what: 'children',
    });
    const prefix = bench.settings.prefix;
    const jobs = await redis.keys(`${prefix}:urgent-windows:${run.id}.*`);
    expect(jobs).toHaveLength(4);
    await redis.del(`${prefix}:urgent-windows:prioritized`, ...jobs);
    expect(await sweeper.sweep(0)).toMatchObject({ ...nothing, resubmitted: [run.id] });
    const transcribing = await start(['transcribe']);
    expect(await bench.events.waitForEnd(run.id, AbortSignal.timeout(20_000))).toMatchObject({ status: 'completed' });
    await preparing.close();
    await transcribing.close();
    await redis.quit();
  }, 60_000);
});
