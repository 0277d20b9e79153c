import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  freePort,
  type RedisServer,
  type Sentinel,
  type Service,
  startRedis,
  startSentinel,
  startService,
  waitFor,
} from '@sotto/testkit';
import { accepted, ended } from './support/jobs.ts';
import { recording } from './support/recordings.ts';
import { expectError, transcribe } from './support/replies.ts';
import { expectHeard } from './support/speech.ts';

let service: Service;
let replica: RedisServer;
let sentinel: Sentinel;
beforeAll(async () => {
  const port = await freePort();
  replica = await startRedis();
  service = await startService({
    workers: 1,
    env: { REDIS_URL: `redis+sentinel://127.0.0.1:${port}/mymaster` },
    begin: async ({ redis }) => {
      sentinel = await startSentinel(redis, replica, port);
    },
  });
});
afterAll(async () => {
  await service?.close({ leftovers: true });
  await sentinel?.close();
  await replica?.close();
});

describe('a master that dies', () => {
  it('is followed by its replica: no accepted work is lost, and new work is taken', async () => {
    const seeds = Array.from({ length: 6 }, (_, i) => 300 + i);
    const spoken = await Promise.all(seeds.map((seed) => recording(seed, 2)));
    const ids = await Promise.all(spoken.map(({ wav }) => accepted(service.url, wav)));
    await service.redis.kill9();
    const { wav, text } = await recording(399);
    expectError(await transcribe(service.url, { bytes: wav }, { async: 'true' }), 503, 'queue_unavailable');
    await waitFor(async () => (await replica.client().role())[0] === 'master', { what: 'another master' });
    const heard: unknown[] = [];
    for (const id of ids) heard.push((await ended(service.url, id)).result?.text);
    const undisturbed: unknown[] = [];
    for (const { wav: bytes } of spoken) {
      undisturbed.push((await transcribe(service.url, { bytes }, { cache: 'false' })).json?.text);
    }
    expect(heard).toEqual(undisturbed);
    expectHeard((await transcribe(service.url, { bytes: wav })).json?.text, text);
  });
});
