import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { type RedisServer, waitFor } from '@sotto/testkit';
import { Sweeper } from '../src/index.ts';
import { indexMember } from '../src/redis/ids.ts';
import { attachInput, Bench, startRedis } from './harness.ts';

let server: RedisServer;
let bench: Bench;
let sweeper: Sweeper;
beforeAll(async () => {
  server = await startRedis();
});
afterAll(() => server.close());
/** The indexes themselves are kept for seven times as long. */
async function keepingResultsFor(resultTtlSeconds: number): Promise<void> {
  bench = await Bench.open(server, { resultTtlSeconds });
  sweeper = new Sweeper(bench.redis, bench.settings);
}
afterEach(async () => {
  await sweeper.close();
  await bench.close();
});

const index = (name = '') => `${bench.settings.prefix}:requests${name}`;
const idsIn = async (name: string) =>
  (await bench.redis.zrange(name, '0', '-1')).map((member) => member.slice(member.indexOf(':') + 1));

/** Members as they are left by requests that have expired. */
async function leave(name: string, count: number, createdAtMs: number): Promise<void> {
  const members = Array.from({ length: count }, (_, i) => indexMember(createdAtMs + i, crypto.randomUUID()));
  await bench.redis.zadd(name, ...members.flatMap((member) => ['0', member]));
}

describe('the sweep', () => {
  it('removes expired requests from the indexes of all and of each key, and no other', async () => {
    await keepingResultsFor(1);
    const ended = [];
    const kept = await bench.runs.attach(attachInput({ keyId: 'k', nowMs: 1_000 }));
    for (const keyId of ['k', 'other', null]) ended.push(await bench.runs.attach(attachInput({ keyId })));
    const last = await bench.runs.attach(attachInput({ keyId: 'other' }));
    for (const { run } of ended) await bench.runs.cancel(run);
    const records = ended.map(({ request }) => `${bench.settings.prefix}:request:${request.id}`);
    await waitFor(async () => (await bench.redis.exists(...records)) === 0, { what: 'the requests to expire' });
    expect(await idsIn(index())).toHaveLength(5);
    await sweeper.sweep();
    expect(await idsIn(index())).toEqual([kept.request.id, last.request.id]);
    expect(await idsIn(index(':key:k'))).toEqual([kept.request.id]);
    expect(await idsIn(index(':key:other'))).toEqual([last.request.id]);
    for (const { run } of [kept, last]) await bench.producer.cancel(run);
  });

  it('takes many at a time, and reaches those between living ones too', async () => {
    await keepingResultsFor(60);
    const nowMs = Date.now();
    const living = [];
    for (let i = 0; i < 600; i += 1) living.push(bench.runs.attach(attachInput({ keyId: 'k', nowMs: nowMs + i })));
    const attached = await Promise.all(living);
    for (const name of [index(), index(':key:k')]) {
      await leave(name, 4_000, nowMs - 60_000);
      await leave(name, 700, nowMs + 60_000);
    }
    await sweeper.sweep();
    expect((await idsIn(index())).length).toBeLessThan(600 + 700);
    for (let sweeps = 0; sweeps < 3; sweeps += 1) await sweeper.sweep();
    expect(await idsIn(index())).toHaveLength(600);
    expect(await idsIn(index(':key:k'))).toEqual(attached.map(({ request }) => request.id));
    await Promise.all(attached.map(({ run }) => bench.runs.cancel(run)));
  });
});
