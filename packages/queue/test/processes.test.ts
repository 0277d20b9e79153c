/** @alone It kills and restarts many processes, and measures how fast one stops. */
import { fileURLToPath, pathToFileURL } from 'node:url';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Run, Transcript } from '@sotto/contracts';
import { Child, REPOSITORY, type RedisServer, waitFor } from '@sotto/testkit';
import type { ConsumerOptions } from './consumer-process.ts';
import { Bench, startRedis } from './harness.ts';
import { logOf, type Script } from './scripted.ts';

let server: RedisServer;
let bench: Bench;
let children: Child[];
beforeAll(async () => {
  server = await startRedis();
});
afterAll(() => server.close());
beforeEach(async () => {
  bench = await Bench.open(server);
  children = [];
});
afterEach(async () => {
  for (const child of children) await child.stop();
  await bench.close();
});

const PROGRAM = fileURLToPath(new URL('./consumer-process.ts', import.meta.url));
const TSX = pathToFileURL(`${REPOSITORY}/node_modules/tsx/dist/loader.mjs`).href;

async function spawnConsumer(script: Partial<Script> & { name: string }, graceMs = 50): Promise<Child> {
  const options: ConsumerOptions = {
    redisUrl: server.url,
    settings: bench.settings,
    script: { windows: 6, windowMs: 300, ...script },
    graceMs,
    concurrency: { prepare: 1, transcribe: 2, speak: 1 },
  };
  const child = await Child.start({
    name: `consumer ${script.name}`,
    command: process.execPath,
    args: ['--import', TSX, '--conditions=@sotto/source', PROGRAM, JSON.stringify(options)],
    cwd: REPOSITORY,
  });
  children.push(child);
  await waitFor(() => child.output.includes('ready'), { what: 'the consumer to be ready', timeoutMs: 30_000 });
  return child;
}

const log = () => logOf(bench.redis, bench.settings.prefix);
const linesWith = async (part: string) => (await log()).filter((line) => line.includes(part));
const ended = (runId: string): Promise<Run> => bench.events.waitForEnd(runId, AbortSignal.timeout(60_000));

async function settled(): Promise<void> {
  await waitFor(
    async () => {
      const { queues } = await bench.producer.counts();
      const ours = [queues.transcriptions, queues.windows, queues['urgent-windows']];
      return ours.every(
        (queue) => queue !== undefined && queue.waiting + queue.active + queue.delayed + queue.suspended === 0,
      );
    },
    { what: 'the queues to be empty', timeoutMs: 40_000 },
  );
  expect(await bench.lasting()).toEqual([]);
}

const ALL = ' 0 1 2 3 4 5';

describe('a worker process', () => {
  it('costs only the windows it was decoding when it is killed', async () => {
    const a = await spawnConsumer({ name: 'a', windowMs: 700 });
    const { run } = await bench.accept();
    await waitFor(async () => (await linesWith('end window')).length >= 2, { what: 'two windows done' });
    await waitFor(async () => (await linesWith('start window')).length >= 4, { what: 'two more to be processed' });
    await a.kill9();
    await spawnConsumer({ name: 'b', windowMs: 50 });
    expect(await ended(run.id)).toMatchObject({ status: 'completed', windowsDone: 6 });
    expect((await bench.runs.result<Transcript>(run))?.text).toBe(ALL);
    const starts = await linesWith('start window');
    expect(starts.length).toBeLessThanOrEqual(6 + 2);
    const redone = starts.filter((line) => line.startsWith('b')).map((line) => line.slice(1));
    const doneByA = (await linesWith('end window')).filter((line) => line.startsWith('a'));
    for (const line of doneByA) expect(redone).not.toContain(line.slice(1).replace('end', 'start'));
    await settled();
  }, 90_000);

  it('that is killed while it prepares is replaced by another', async () => {
    const a = await spawnConsumer({ name: 'a', windows: 450, windowMs: 60_000 });
    const { run } = await bench.accept();
    await waitFor(async () => ((await bench.producer.counts()).queues['urgent-windows']?.waiting ?? 0) > 0, {
      what: 'the first children',
      intervalMs: 1,
    });
    await a.kill9();
    await spawnConsumer({ name: 'b', windows: 450, windowMs: 0 });
    expect(await ended(run.id)).toMatchObject({ status: 'completed', windowsDone: 450 });
    await settled();
  }, 90_000);

  it('that is told to stop hands its jobs over: nothing runs twice, no attempt counts', async () => {
    const a = await spawnConsumer({ name: 'a', windowMs: 30_000 });
    const { run } = await bench.accept();
    await waitFor(async () => (await linesWith('a start window')).length === 2, {
      what: 'two windows to be processed',
    });
    const b = await spawnConsumer({ name: 'b', windowMs: 20 });
    await waitFor(async () => (await linesWith('b end window')).length === 4, { what: 'the others done' });
    const stopping = performance.now();
    a.signal('SIGTERM');
    expect(await ended(run.id)).toMatchObject({ status: 'completed' });
    expect(performance.now() - stopping).toBeLessThan(2000);
    expect((await a.ended).code).toBe(0);
    expect(await linesWith('a abort:shutdown')).toHaveLength(2);
    expect(await linesWith('b end window')).toHaveLength(6);
    const taken = b.output.split('\n').filter((line) => line.includes('"taken"') && line.includes('"window"'));
    expect(taken.map((line) => (JSON.parse(line) as { attempt: number }).attempt)).toEqual([1, 1, 1, 1, 1, 1]);
    expect((await bench.runs.result<Transcript>(run))?.text).toBe(ALL);
    await settled();
  }, 60_000);

  it('that is told to stop lets jobs finish within the grace period', async () => {
    const a = await spawnConsumer({ name: 'a', windows: 2, windowMs: 500 }, 20_000);
    const { run } = await bench.accept();
    await waitFor(async () => (await linesWith('a start window')).length === 2, {
      what: 'two windows to be processed',
    });
    a.signal('SIGTERM');
    expect((await a.ended).code).toBe(0);
    expect(await linesWith('a end window')).toHaveLength(2);
    expect(await linesWith('abort')).toEqual([]);
    await spawnConsumer({ name: 'b' });
    expect(await ended(run.id)).toMatchObject({ status: 'completed' });
    expect(await linesWith('start window')).toHaveLength(2);
    await settled();
  }, 60_000);

  it('is notified of a cancellation from elsewhere', async () => {
    await spawnConsumer({ name: 'a', windowMs: 60_000 });
    const { run } = await bench.accept();
    await waitFor(async () => (await linesWith('start window')).length === 2, { what: 'two windows to be processed' });
    await bench.producer.cancel(run);
    await waitFor(async () => (await linesWith('abort:run_ended')).length === 2, {
      what: 'both to stop',
      timeoutMs: 1000,
    });
    await settled();
  }, 60_000);
});

describe('redis-server', () => {
  it('killed and started again from its file: the run completes, with each window once', async () => {
    await spawnConsumer({ name: 'a', windowMs: 1500 });
    const { run } = await bench.accept();
    await waitFor(async () => (await linesWith('end window')).length >= 2, { what: 'two windows done' });
    await waitFor(async () => (await linesWith('start window')).length >= 4, { what: 'two more to be processed' });
    await server.kill9();
    await expect(bench.runs.run(run.id)).rejects.toMatchObject({ code: 'queue_unavailable' });
    await server.restart();
    await waitFor(() => bench.redis.status === 'ready', { what: 'the connection to be back' });
    expect(await ended(run.id)).toMatchObject({ status: 'completed', windowsDone: 6 });
    expect((await bench.runs.result<Transcript>(run))?.text).toBe(ALL);
    await settled();
  }, 120_000);
});
