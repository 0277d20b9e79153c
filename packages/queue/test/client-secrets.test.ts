import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { type RedisServer, waitFor } from '@sotto/testkit';
import { ClientSecrets, isClientSecret, newClientSecret } from '../src/index.ts';
import { Bench, startRedis } from './harness.ts';

let server: RedisServer;
let bench: Bench;
let secrets: ClientSecrets;
beforeAll(async () => {
  server = await startRedis();
});
afterAll(() => server.close());
beforeEach(async () => {
  bench = await Bench.open(server);
  secrets = new ClientSecrets(bench.redis, bench.settings);
});
afterEach(() => bench.close());

const FIELDS = { keyId: 'abc', credential: 'hash', config: '{"type":"transcription"}' };

describe('secrets for pages', () => {
  it('are known by themselves, which are stored nowhere, until their end', async () => {
    const [first, second] = [newClientSecret(), newClientSecret()];
    expect([isClientSecret(first), isClientSecret('sk-1'), first === second]).toEqual([true, false, false]);
    await secrets.put(first, FIELDS, Date.now() + 60_000);
    await secrets.put(second, { ...FIELDS, keyId: '' }, Date.now() + 300);
    expect(await secrets.find(first)).toEqual(FIELDS);
    expect(await secrets.find(newClientSecret())).toBeNull();
    const names = await bench.redis.keys(`${bench.settings.prefix}:*`);
    const values = await Promise.all(names.map((name) => bench.redis.dump(name)));
    expect([...names, ...values.map(String)].filter((text) => text.includes(first))).toEqual([]);
    expect(await bench.lasting()).toEqual([]);
    await waitFor(async () => (await secrets.find(second)) === null, { what: 'the second to end' });
  });

  it('of one key are so many at most', async () => {
    const all = Array.from({ length: 1_001 }, newClientSecret);
    const endMs = Date.now() + 60_000;
    for (const [index, secret] of all.entries()) await secrets.put(secret, FIELDS, endMs + index);
    expect(await secrets.find(all[0] ?? '')).toBeNull();
    expect(await secrets.find(all[1] ?? '')).toEqual(FIELDS);
    expect(await secrets.find(all.at(-1) ?? '')).toEqual(FIELDS);
  });
});
