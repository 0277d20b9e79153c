import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { StoredRunEvent } from '@sotto/contracts';
import { type RedisServer, waitFor } from '@sotto/testkit';
import { asRun, attachInput, Bench, planOf, startRedis, transcriptOf, windowResult } from './harness.ts';

let server: RedisServer;
let bench: Bench;
let runId: string;
beforeAll(async () => {
  server = await startRedis();
});
afterAll(() => server.close());
beforeEach(async () => {
  bench = await Bench.open(server);
  runId = (await bench.runs.attach(attachInput())).run.id;
});
afterEach(() => bench.close());

const never = () => new AbortController().signal;

/** Follows until the end; `seen` grows meanwhile. */
function follow(afterId: string | null = null, signal = never()) {
  const seen: StoredRunEvent[] = [];
  const done = (async () => {
    for await (const event of bench.events.follow(runId, afterId, signal)) seen.push(event);
  })();
  return { seen, done };
}

async function wholeRun(): Promise<void> {
  await bench.runs.start(asRun(runId));
  await bench.windows.planned(asRun(runId), planOf(20));
  for (const index of [3, 1, 0, 2, ...Array.from({ length: 16 }, (_, i) => 19 - i)]) {
    await bench.windows.complete(runId, windowResult(index, [`${index}a`, `${index}b`]));
  }
  await bench.runs.complete(asRun(runId), transcriptOf('x'));
}

describe('follow', () => {
  it('gives all events to every listener, whenever they came', async () => {
    const early = [follow(), follow()];
    const making = wholeRun();
    await waitFor(() => (early[0]?.seen.length ?? 0) > 2, { what: 'first events' });
    const late = follow();
    await Promise.all([making, late.done, ...early.map(({ done }) => done)]);
    const stored = await bench.events.read(runId);
    expect(stored.filter(({ event }) => event.type === 'text')).toHaveLength(40);
    expect(stored.at(-1)?.event).toEqual({ type: 'completed' });
    for (const { seen } of [...early, late]) expect(seen).toEqual(stored);
  });

  it('misses nothing for a follower that falls behind', async () => {
    await bench.runs.start(asRun(runId));
    await bench.windows.planned(asRun(runId), planOf(20));
    const slow = bench.events.follow(runId, null, never());
    const seen = [(await slow.next()).value];
    for (let index = 0; index < 20; index += 1) {
      const texts = Array.from({ length: 100 }, (_, at) => `${index}.${at}`);
      await bench.windows.complete(runId, windowResult(index, texts));
    }
    await bench.runs.complete(asRun(runId), transcriptOf('x'));
    for await (const event of slow) seen.push(event);
    expect(seen).toEqual(await bench.events.read(runId));
    expect(seen.length).toBeGreaterThan(2000);
  });

  it('resumes after an id', async () => {
    await wholeRun();
    const stored = await bench.events.read(runId);
    const resumed = follow(stored[10]?.id ?? null);
    await resumed.done;
    expect(resumed.seen).toEqual(stored.slice(11));
    const afterEnd = follow(stored.at(-1)?.id ?? null);
    await afterEnd.done;
    expect(afterEnd.seen).toEqual([]);
  });

  it('starts from the beginning for an impossible id', async () => {
    await wholeRun();
    const all = follow('99999999999999999999-1');
    await all.done;
    expect(all.seen).toEqual(await bench.events.read(runId));
  });

  it('ends at the signal, and leaves no subscription', async () => {
    const controller = new AbortController();
    const one = follow(null, controller.signal);
    const other = follow(null, controller.signal);
    const channels = () => bench.redis.pubsub('CHANNELS', `${bench.settings.prefix}:*`) as Promise<string[]>;
    await waitFor(async () => (await channels()).length === 1, { what: 'one subscription for both' });
    controller.abort();
    await Promise.all([one.done, other.done]);
    await waitFor(async () => (await channels()).length === 0, { what: 'no subscription' });
  });

  it('ends at once for a signal that is aborted already', async () => {
    await follow(null, AbortSignal.abort()).done;
  });

  it('continues when Redis has restarted', async () => {
    const own = await startRedis();
    const there = await Bench.open(own);
    const { run } = await there.runs.attach(attachInput());
    await there.runs.start(run);
    const iterator = there.events.follow(run.id, null, never())[Symbol.asyncIterator]();
    await iterator.next();
    const second = iterator.next();
    await own.keepOnDisk();
    await own.kill9();
    await own.restart();
    await waitFor(() => there.redis.status === 'ready', { what: 'the connection to be back' });
    await there.runs.cancel(run);
    expect((await second).value).toMatchObject({ event: { type: 'cancelled' } });
    expect((await iterator.next()).done).toBe(true);
    await there.close();
    await own.close();
  }, 30_000);

  it('ends at the signal in an outage too', async () => {
    const own = await startRedis();
    const there = await Bench.open(own);
    const { run } = await there.runs.attach(attachInput());
    await there.runs.start(run);
    const controller = new AbortController();
    const early = there.events.follow(run.id, null, controller.signal);
    await early.next();
    await own.kill9();
    const late = there.events.follow(run.id, null, controller.signal);
    const ends = Promise.all([early.next(), late.next()]);
    await expect(there.events.read(run.id)).rejects.toMatchObject({ code: 'queue_unavailable' });
    controller.abort();
    expect((await ends).map(({ done }) => done)).toEqual([true, true]);
    await there.close();
    await own.close();
  });

  it('throws queue_unavailable in a long outage, and can be followed again from the last id', async () => {
    const own = await startRedis();
    const there = await Bench.open(own);
    const { run } = await there.runs.attach(attachInput());
    await there.runs.start(run);
    const iterator = there.events.follow(run.id, null, never())[Symbol.asyncIterator]();
    const first = await iterator.next();
    const second = iterator.next();
    const failed = expect(second).rejects.toMatchObject({ code: 'queue_unavailable' });
    await own.kill9();
    await failed;
    await own.restart();
    await waitFor(() => there.redis.status === 'ready', { what: 'the connection to be back' });
    await there.runs.cancel(run);
    const rest: string[] = [];
    for await (const { event } of there.events.follow(run.id, first.value?.id ?? null, never())) rest.push(event.type);
    expect(rest).toEqual(['cancelled']);
    await there.close();
    await own.close();
  }, 60_000);

  it('ends at once for an unknown run', async () => {
    runId = crypto.randomUUID();
    await follow().done;
  });

  it('serves a thousand listeners over one connection', async () => {
    const listeners = Array.from({ length: 1000 }, () => follow());
    await wholeRun();
    await Promise.all(listeners.map(({ done }) => done));
    expect(new Set(listeners.map(({ seen }) => seen.length))).toEqual(
      new Set([(await bench.events.read(runId)).length]),
    );
  });
});

describe('waitForEnd', () => {
  it('gives the run when it ends, or at once when it has ended', async () => {
    const waiting = bench.events.waitForEnd(runId, never());
    await wholeRun();
    expect(await waiting).toMatchObject({ id: runId, status: 'completed' });
    expect(await bench.events.waitForEnd(runId, never())).toMatchObject({ status: 'completed' });
  });

  it('answers within milliseconds of the end', async () => {
    const waiting = bench.events.waitForEnd(runId, never()).then(() => performance.now());
    await waitFor(async () => ((await bench.redis.pubsub('CHANNELS', '*')) as string[]).length === 1, {
      what: 'it to listen',
    });
    await bench.runs.cancel(asRun(runId));
    const cancelledAt = performance.now();
    expect((await waiting) - cancelledAt).toBeLessThan(200);
  });

  it('throws the reason of the signal', async () => {
    const reason = new Error('deadline');
    await expect(bench.events.waitForEnd(runId, AbortSignal.abort(reason))).rejects.toBe(reason);
    const controller = new AbortController();
    const waiting = bench.events.waitForEnd(runId, controller.signal);
    controller.abort(reason);
    await expect(waiting).rejects.toBe(reason);
  });

  it('throws job_not_found for an unknown run', async () => {
    await expect(bench.events.waitForEnd(crypto.randomUUID(), never())).rejects.toMatchObject({
      code: 'job_not_found',
    });
  });
});
