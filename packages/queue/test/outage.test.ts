/** @alone It measures how fast calls fail while Redis is disconnected. */
import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type RedisServer, waitFor } from '@sotto/testkit';
import { acceptWork, Sweeper } from '../src/index.ts';
import { attachInput, Bench, positionOf, startRedis } from './harness.ts';

let server: RedisServer;
let bench: Bench;
beforeEach(async () => {
  server = await startRedis();
  bench = await Bench.open(server);
});
afterEach(async () => {
  await bench.close();
  await server.close();
});

/** Milliseconds until `work` is refused with queue_unavailable. */
async function refusal(work: Promise<unknown>): Promise<number> {
  const before = performance.now();
  await expect(work).rejects.toMatchObject({ code: 'queue_unavailable', status: 503, retryAfterSeconds: 5 });
  return performance.now() - before;
}

const back = () => waitFor(() => bench.redis.status === 'ready', { what: 'the connection to be back' });
const ours = async () =>
  (await bench.redis.keys(`${bench.settings.prefix}:*`)).filter((key) => !/:(meta|events|marker|id|pc)$/.test(key));

describe('without Redis', () => {
  it('every call is refused within a second, and nothing is left of a refused request', async () => {
    const { run, request } = await bench.accept();
    await bench.producer.cancel(run);
    const before = await ours();
    await server.kill9();
    const calls = [
      () => bench.runs.attach(attachInput()),
      () => bench.producer.submit(run),
      () => bench.runs.view(request.id),
      () => bench.runs.run(run.id),
      () => bench.runs.list({ keyId: null, limit: 1 }),
      () => bench.producer.counts(),
      () => bench.producer.cancel(run),
      () => acceptWork(bench.runs, bench.producer, attachInput()),
    ];
    for (const call of calls) expect(await refusal(call())).toBeLessThan(1000);
    await server.restart();
    await back();
    expect((await ours()).sort()).toEqual(before.sort());
    expect((await bench.runs.attach(attachInput())).joined).toBe(false);
  }, 60_000);

  it('the same when Redis hangs', async () => {
    const { run } = await bench.accept();
    server.freeze();
    expect(await refusal(bench.runs.run(run.id))).toBeLessThan(1000);
    expect(await refusal(bench.producer.submit(run))).toBeLessThan(1000);
    server.thaw();
    expect(await bench.runs.run(run.id)).toMatchObject({ id: run.id });
    await bench.producer.cancel(run);
  }, 60_000);
});

describe('with a process that is too busy to read', () => {
  it('an answer that is waiting in the socket is not taken as missing', async () => {
    const { run } = await bench.accept();
    const answer = bench.runs.run(run.id);
    const busyUntilMs = performance.now() + 1500;
    while (performance.now() < busyUntilMs);
    expect(await answer).toMatchObject({ id: run.id });
    await bench.producer.cancel(run);
  });
});

describe('a request whose answer was lost', () => {
  it('is done all the same: an identical one joins it, or the sweeper submits it', async () => {
    const workKey = randomUUID();
    server.freeze();
    await expect(acceptWork(bench.runs, bench.producer, attachInput({ workKey }))).rejects.toMatchObject({
      code: 'queue_unavailable',
      undone: false,
    });
    server.thaw();
    await back();
    const again = await acceptWork(bench.runs, bench.producer, attachInput({ workKey }));
    expect(await positionOf(bench, again.run)).toBe(1);
    const sweeper = new Sweeper(bench.redis, bench.settings);
    expect((await sweeper.sweep(0)).cancelled).toEqual([]);
    expect(await bench.producer.counts()).toMatchObject({ runs: 1, waiting: 1 });
    await sweeper.close();
    await bench.producer.cancel(again.run);
  }, 60_000);
});
