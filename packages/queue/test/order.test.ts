import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Lane, Run } from '@sotto/contracts';
import { type RedisServer, waitFor } from '@sotto/testkit';
import type { Queue } from 'bullmq';
import { acceptWork, type Consumers, connectRedis, type Handlers, PREPARE_STEP, startConsumers } from '../src/index.ts';
import { LANE_RANGES } from '../src/order/priorities.ts';
import { takeTurns } from '../src/order/turns.ts';
import { prioritized } from '../src/redis/bullmq-layout.ts';
import { Keys } from '../src/redis/keys.ts';
import { openQueue } from '../src/redis/queues.ts';
import { attachInput, Bench, planOf, startRedis } from './harness.ts';
import { logOf, scriptedHandlers } from './scripted.ts';

let server: RedisServer;
let bench: Bench;
let keys: Keys;
let windows: Queue;

beforeAll(async () => {
  server = await startRedis();
});
afterAll(() => server.close());
beforeEach(async () => {
  bench = await Bench.open(server);
  keys = new Keys(bench.settings.prefix);
  windows = openQueue(bench.redis, bench.settings.prefix, 'windows', () => {});
});
afterEach(async () => {
  await windows.close();
  await bench.close();
});

/** Too large to be prepared by its own job. */
const LARGE = { ...attachInput().input, bytes: 100_000_000 };

const run = async (keyId: string | null) => (await bench.runs.attach(attachInput({ keyId, lane: 'batch' }))).run;

/** Adds windows as a consumer does; named after their owner. */
async function addWindows(of: Run, name: string, count: number, lane: Lane = of.lane): Promise<number[]> {
  const priorities = await takeTurns(bench.redis, keys, 'windows', { keyId: of.keyId, lane }, count);
  await windows.addBulk(priorities.map((priority, i) => ({ name, data: { i }, opts: { priority } })));
  return priorities;
}

/** Takes waiting windows as workers would, without processing them. */
async function takeWindows(count: number): Promise<string[]> {
  const ids = (await bench.redis.zpopmin(prioritized(bench.settings.prefix, 'windows'), count)).filter(
    (_, i) => i % 2 === 0,
  );
  return Promise.all(ids.map(async (id) => String(await bench.redis.hget(windows.toKey(id), 'name'))));
}

const countOf = (names: readonly string[], name: string) => names.filter((taken) => taken.startsWith(name)).length;

const consume = (handlers: Handlers): Promise<Consumers> =>
  startConsumers({
    redisUrl: server.url,
    settings: bench.settings,
    roles: ['prepare', 'transcribe'],
    handlers,
    concurrency: { prepare: 2, transcribe: 1, speak: 1 },
    onEvent: () => {},
  });

describe('turns', () => {
  it('interleave recordings of a key', async () => {
    const [a, b] = [await run('k'), await run('k')];
    await addWindows(a, 'a', 10);
    await addWindows(b, 'b', 10);
    const taken = await takeWindows(10);
    expect(countOf(taken, 'a')).toBe(5);
    expect(taken.slice(0, 2).sort()).toEqual(['a', 'b']);
  });

  it('share a lane between keys, however many recordings each has', async () => {
    const many = [];
    for (let i = 0; i < 20; i += 1) many.push(await run('many'));
    const one = await run('one');
    for (const of of many) await addWindows(of, 'many', 20);
    await addWindows(one, 'one', 60);
    expect(countOf(await takeWindows(100), 'one')).toBeGreaterThanOrEqual(33);
  });

  it('go by weight', async () => {
    await bench.redis.hset(keys.access.apiKey('heavy'), 'weight', '3');
    await addWindows(await run('heavy'), 'heavy', 90);
    await addWindows(await run('light'), 'light', 90);
    const heavy = countOf(await takeWindows(80), 'heavy');
    expect(heavy).toBeGreaterThanOrEqual(57);
    expect(heavy).toBeLessThanOrEqual(63);
  });

  it('let a newcomer in at once, and starve nobody', async () => {
    const long = await run('long');
    await addWindows(long, 'long', 400);
    await takeWindows(100);
    for (let i = 0; i < 50; i += 1) await addWindows(await run(`k${i}`), `clip${i}`, 1);
    const taken = await takeWindows(60);
    expect(countOf(taken, 'clip')).toBe(50);
    // Clips of a key share its turns: they do not overtake the work of all other keys.
    for (let i = 0; i < 50; i += 1) await addWindows(await run('flood'), 'flood', 1);
    expect(countOf(await takeWindows(40), 'long')).toBeGreaterThanOrEqual(18);
  });

  it('begin at 1 again in an idle lane, and leave nothing permanent', async () => {
    const of = await run('k');
    await addWindows(of, 'a', 50);
    await takeWindows(50);
    expect((await addWindows(of, 'b', 1))[0]).toBe(LANE_RANGES.batch.before + 1);
    expect(await bench.redis.pttl(keys.order.turns('windows', 'batch'))).toBeGreaterThan(0);
  });

  it('are renumbered in a lane that is never idle, in the same order', async () => {
    const of = await run('k');
    const { before, size } = LANE_RANGES.batch;
    const late = before + Math.floor(size * 0.6);
    await windows.addBulk(
      [late, late + 7, late + 3].map((priority) => ({ name: `${priority}`, data: {}, opts: { priority } })),
    );
    await windows.add('interactive', {}, { priority: 9 });
    const [priority] = await addWindows(of, 'new', 1);
    expect(priority).toBe(before + 1);
    expect(await takeWindows(5)).toEqual(['interactive', `${late}`, 'new', `${late + 3}`, `${late + 7}`]);
  });
});

describe('the lane of a run', () => {
  it.each([
    ['short', 2, null, 'interactive'],
    ['long', 3, null, 'batch'],
    ['short, but sent to the batch lane', 2, 'batch', 'batch'],
  ] as const)('that is %s is settled by its plan', async (_what, count, priority, lane) => {
    const delivery = { ...attachInput().delivery, priority };
    const { run: made } = await bench.runs.attach(attachInput({ lane: 'batch', delivery }));
    await bench.windows.planned(made, planOf(count));
    expect((await bench.runs.run(made.id))?.lane).toBe(lane);
  });

  it('that is interactive stays so, however long it is', async () => {
    const { run: made } = await bench.runs.attach(attachInput({ lane: 'interactive' }));
    await bench.windows.planned(made, planOf(300));
    expect((await bench.runs.run(made.id))?.lane).toBe('interactive');
  });
});

describe('a run of the batch lane that an interactive request joins', () => {
  const window = (runId: string, index: number) => ({
    name: 'window',
    data: { runId, index },
    opts: {
      jobId: `${runId}.window.${index}`,
      parent: { id: runId, queue: `${bench.settings.prefix}:transcriptions` },
    },
  });

  it('moves up: its waiting windows go before the batch lane, in order, and active ones are left alone', async () => {
    const others = await run('other');
    await addWindows(others, 'other', 30);
    const workKey = randomUUID();
    const { run: made } = await bench.accept({ workKey, keyId: 'k', lane: 'batch', input: LARGE });
    const priorities = await takeTurns(bench.redis, keys, 'windows', made, 12);
    await windows.addBulk(
      priorities.map((priority, i) => ({ ...window(made.id, i), opts: { ...window(made.id, i).opts, priority } })),
    );
    await bench.redis.zrem(prioritized(bench.settings.prefix, 'windows'), `${made.id}.window.0`);

    const input = attachInput({ workKey, keyId: 'k', lane: 'interactive', input: LARGE });
    expect(await acceptWork(bench.runs, bench.producer, input)).toMatchObject({ joined: true, movedUp: true });

    const inOrder = await bench.redis.zrange(prioritized(bench.settings.prefix, 'windows'), '0', '10');
    expect(inOrder).toEqual(Array.from({ length: 11 }, (_, i) => `${made.id}.window.${i + 1}`));
    const [, score] = await bench.redis.zrange(
      prioritized(bench.settings.prefix, 'transcriptions'),
      '0',
      '0',
      'WITHSCORES',
    );
    expect(Number(score) / 2 ** 32).toBeLessThan(LANE_RANGES.batch.before);
    const again = attachInput({ workKey, keyId: 'k', lane: 'interactive', input: LARGE });
    expect(await acceptWork(bench.runs, bench.producer, again)).toMatchObject({ joined: true, movedUp: false });
  });

  it('does not move up for another request of the batch lane', async () => {
    const workKey = randomUUID();
    await bench.accept({ workKey, lane: 'batch', input: LARGE });
    const more = attachInput({ workKey, lane: 'batch', input: LARGE });
    expect(await acceptWork(bench.runs, bench.producer, more)).toMatchObject({ joined: true, movedUp: false });
  });
});

describe('long decodings', () => {
  it('delay neither small recordings nor the assembly of others', async () => {
    const redis = connectRedis(server.url, 'worker');
    const script = { name: 'w', windows: 1, windowMs: 0 };
    const handlers = scriptedHandlers(redis, bench.settings, script);
    const decoding = new AbortController();
    const busy = new Set<string>();
    const consumers = await consume({
      ...handlers,
      async transcribe(payload, context) {
        const isLarge = (await bench.runs.run(payload.runId))?.upload.bytes === LARGE.bytes;
        if (isLarge && (await bench.runs.plan(payload.runId)) === null) {
          await context.children(PREPARE_STEP, [{ kind: 'prepare', payload }]);
        }
        await handlers.transcribe(payload, context);
      },
      async prepare(payload, context) {
        await handlers.prepare(payload, context);
        busy.add(payload.runId);
        const over = AbortSignal.any([decoding.signal, context.signal]);
        if (!over.aborted) await once(over, 'abort');
      },
    });
    try {
      const long = [];
      for (let i = 0; i < 5; i += 1) long.push(await bench.accept({ keyId: 'long', lane: 'batch', input: LARGE }));
      await waitFor(() => busy.size === 2, { what: 'both slots to decode' });
      await waitFor(async () => (await bench.producer.counts()).queues.preparations?.waiting === 3, {
        what: 'the others to wait',
      });
      const positions = await Promise.all(
        long.map(async ({ request }) => {
          const view = await bench.runs.view(request.id);
          return view === null || view === 'expired' ? null : view.position;
        }),
      );
      expect(positions).toEqual([null, null, 1, 2, 3]);
      expect((await bench.producer.counts()).waiting).toBe(3);

      const { run: clip } = await bench.accept({ keyId: 'short', lane: 'batch' });
      expect(await bench.events.waitForEnd(clip.id, AbortSignal.timeout(5_000))).toMatchObject({ status: 'completed' });
      expect(busy.size).toBe(2);

      const [, , waiting, ...rest] = long;
      if (waiting === undefined) throw new Error('unreachable');
      await bench.producer.cancel(waiting.run);
      expect((await bench.producer.counts()).waiting).toBe(2);
      decoding.abort();
      for (const { run: of } of [...long.slice(0, 2), ...rest]) {
        const ended = await bench.events.waitForEnd(of.id, AbortSignal.timeout(20_000));
        expect(ended.status).toBe('completed');
      }
    } finally {
      decoding.abort();
      await consumers.drain(0);
      await redis.quit();
    }
    expect(await bench.lasting()).toEqual([]);
  });
});

describe('a clip', () => {
  it('finds a free slot while windows of others occupy all slots of the batch lane', async () => {
    const redis = connectRedis(server.url, 'worker');
    const handlers = scriptedHandlers(redis, bench.settings, { name: 'w', windows: 30, windowMs: 0 });
    const short = scriptedHandlers(redis, bench.settings, { name: 'w', windows: 2, windowMs: 0 });
    const over = new AbortController();
    const busy = new Set<string>();
    const lanes: (Lane | null)[] = [];
    let clipId = '';
    const consumers = await consume({
      ...handlers,
      transcribe: (payload, context) =>
        payload.runId === clipId ? short.transcribe(payload, context) : handlers.transcribe(payload, context),
      async window(payload, context) {
        if (payload.runId === clipId) {
          lanes.push(context.lane);
          return short.window(payload, context);
        }
        busy.add(context.jobId);
        const signal = AbortSignal.any([over.signal, context.signal]);
        if (!signal.aborted) await once(signal, 'abort');
        await handlers.window(payload, context);
      },
    });
    try {
      const { run: long } = await bench.accept({ keyId: 'long', lane: 'batch', input: LARGE });
      await waitFor(() => busy.size === 1, { what: 'the only slot to be taken' });
      const requestId = randomUUID();
      const { run: clip } = await bench.runs.attach(attachInput({ requestId, keyId: 'short', lane: 'batch' }));
      clipId = clip.id;
      await bench.producer.submit(clip);
      expect(await bench.events.waitForEnd(clip.id, AbortSignal.timeout(10_000))).toMatchObject({
        status: 'completed',
      });
      expect(lanes).toEqual(['interactive', 'interactive']);
      expect(busy.size).toBe(1);
      over.abort();
      expect(await bench.events.waitForEnd(long.id, AbortSignal.timeout(20_000))).toMatchObject({
        status: 'completed',
      });
    } finally {
      over.abort();
      await consumers.drain(0);
      await redis.quit();
    }
    expect(await bench.lasting()).toEqual([]);
  });

  it('waits for two windows at most behind many long recordings of another key', async () => {
    const redis = connectRedis(server.url, 'worker');
    const handlers = scriptedHandlers(redis, bench.settings, { name: 'w', windows: 30, windowMs: 400 });
    const clips = new Set<string>();
    const consumers = await consume({
      ...handlers,
      async transcribe(payload, context) {
        const short = { name: 'w', windows: 1, windowMs: 400 };
        const own = clips.has(payload.runId) ? scriptedHandlers(redis, bench.settings, short) : handlers;
        await own.transcribe(payload, context);
      },
    });
    const windowsBegun = async () =>
      (await logOf(bench.redis, bench.settings.prefix)).filter((line) => line.includes('start window')).length;
    try {
      const upload = { ...attachInput().input, bytes: 100_000_000 };
      for (let i = 0; i < 21; i += 1) await bench.accept({ keyId: 'long', lane: 'batch', input: upload });
      await waitFor(async () => (await bench.redis.zcard(prioritized(bench.settings.prefix, 'windows'))) > 21 * 25, {
        what: 'long work',
      });
      const requestId = randomUUID();
      const { run: clip } = await bench.runs.attach(attachInput({ requestId, keyId: 'short', lane: 'batch' }));
      clips.add(clip.id);
      const before = await windowsBegun();
      await bench.producer.submit(clip);
      await bench.events.waitForEnd(clip.id, AbortSignal.timeout(20_000));
      // Its own is one; another is being processed when it arrives, and one more may start while it is prepared.
      expect((await windowsBegun()) - before).toBeLessThanOrEqual(3);
    } finally {
      await consumers.drain(0);
      await redis.quit();
    }
  });
});
