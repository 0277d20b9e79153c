import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { RedisServer } from '@sotto/testkit';
import { Outbox, type OutboxEvent, OutboxReader } from '../src/index.ts';
import { Bench, startRedis } from './harness.ts';

let server: RedisServer;
let bench: Bench;
beforeAll(async () => {
  server = await startRedis();
});
afterAll(() => server.close());
beforeEach(async () => {
  bench = await Bench.open(server);
});
afterEach(() => bench.close());

describe('a reader of an outbox', () => {
  it('that closes still handles what nobody has told it of', async () => {
    const handled: OutboxEvent[] = [];
    const reader = new OutboxReader({
      outbox: new Outbox(bench.redis, bench.settings),
      consumer: 'webhooks',
      handle: async (event) => void handled.push(event),
      onError: (error) => {
        throw error;
      },
    });
    const key = `${bench.settings.prefix}:outbox:webhooks`;
    await bench.redis.zadd(key, Date.now(), 'job_ended:x:1');
    await reader.close();
    expect(handled).toEqual([{ type: 'job_ended', jobId: 'x', delivery: 1 }]);
    expect(await bench.redis.exists(key)).toBe(0);
    reader.wake();
    await bench.redis.zadd(key, Date.now(), 'job_ended:y:1');
    await reader.close();
    expect(handled).toHaveLength(1);
  });
});
