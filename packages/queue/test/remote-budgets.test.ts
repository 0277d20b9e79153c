import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from '@jest/globals';
import type { RedisServer } from '@sotto/testkit';
import { RemoteBudgets } from '../src/index.ts';
import { Bench, startRedis } from './harness.ts';

let server: RedisServer;
let bench: Bench;
let budgets: RemoteBudgets;
beforeAll(async () => {
  server = await startRedis();
});
afterAll(() => server.close());
beforeEach(async () => {
  bench = await Bench.open(server);
  budgets = new RemoteBudgets(bench.redis, bench.settings);
});
afterEach(() => bench.close());

const NOVEMBER_MS = Date.parse('2126-11-30T23:59:59Z');

it('is never exceeded, whichever worker takes from it, and what was in vain is given back', async () => {
  const other = await Bench.open(server, bench.settings);
  const both = [budgets, new RemoteBudgets(other.redis, other.settings)];
  const takes = Array.from({ length: 100 }, (_, i) => both[i % 2]?.take('speech', 7, 100));
  expect((await Promise.all(takes)).filter((taken) => taken?.isTaken)).toHaveLength(14);
  expect(await budgets.take('speech', 3, 100)).toMatchObject({ isTaken: false, used: 98 });
  await budgets.giveBack('speech', 7);
  expect(await budgets.take('speech', 3, 100)).toMatchObject({ isTaken: true, used: 94 });
  await other.close();
});

it('is that of a month, counts without a limit too, and never falls below nothing', async () => {
  expect(await budgets.take('speech', 90, null, NOVEMBER_MS)).toMatchObject({ used: 90 });
  expect(await budgets.take('speech', 20, 100, NOVEMBER_MS)).toMatchObject({
    isTaken: false,
    resetsAtMs: Date.parse('2126-12-01T00:00:00Z'),
  });
  expect(await budgets.take('speech', 20, 100, NOVEMBER_MS + 1_000)).toMatchObject({ isTaken: true, used: 20 });
  await budgets.giveBack('transcription', 50);
  expect(await budgets.take('transcription', 0, null)).toMatchObject({ used: 0 });
});
