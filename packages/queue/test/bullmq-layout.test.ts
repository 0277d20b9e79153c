import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { Queue } from 'bullmq';
import { PRIORITY_STEP, prioritized, takenFirst } from '../src/redis/bullmq-layout.ts';
import { openQueue } from '../src/redis/queues.ts';
import { Bench, startRedis } from './harness.ts';

let server: Awaited<ReturnType<typeof startRedis>>;
let bench: Bench;
let queue: Queue;

beforeAll(async () => {
  server = await startRedis();
  bench = await Bench.open(server);
  queue = openQueue(bench.redis, bench.settings.prefix, 'windows', () => {});
});

afterAll(async () => {
  await queue.close();
  await bench.close();
  await server.close();
});

/** Turns read and write these scores: if BullMQ stored its jobs in another way, the order of all work would be lost. */
it('is where BullMQ keeps waiting jobs, by priority and then by arrival', async () => {
  const add = (jobId: string, priority: number) => queue.add('window', {}, { jobId, priority });
  await add('late', 7);
  await add('first', 3);
  await add('second', 3);
  await add('now', 0);
  const { prefix } = bench.settings;

  expect(await bench.redis.lrange(takenFirst(prefix, 'windows'), 0, -1)).toEqual(['now']);
  const flat = await bench.redis.zrange(prioritized(prefix, 'windows'), '0', '-1', 'WITHSCORES');
  const waiting = Array.from({ length: flat.length / 2 }, (_, i) => ({
    id: flat[2 * i],
    priority: Math.floor(Number(flat[2 * i + 1]) / PRIORITY_STEP),
  }));
  expect(waiting).toEqual([
    { id: 'first', priority: 3 },
    { id: 'second', priority: 3 },
    { id: 'late', priority: 7 },
  ]);
  const [first = 0, second = 0] = [1, 3].map((at) => Number(flat[at]) % PRIORITY_STEP);
  expect(second).toBeGreaterThan(first);
});

it('takes jobs by a score that turns have changed', async () => {
  const { prefix } = bench.settings;
  await bench.redis.zincrby(prioritized(prefix, 'windows'), -4 * PRIORITY_STEP, 'late');
  const order = await bench.redis.zrange(prioritized(prefix, 'windows'), '0', '-1');
  expect(order).toEqual(['late', 'first', 'second']);
  const job = await queue.getJob('late');
  await job?.changePriority({ priority: 9 });
  expect(await bench.redis.zrange(prioritized(prefix, 'windows'), '-1', '-1')).toEqual(['late']);
});
