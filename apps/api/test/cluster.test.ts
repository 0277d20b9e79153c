import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type RedisServer, type Service, startRedisCluster, startService } from '@sotto/testkit';
import { accepted, ended, listen, remove } from './support/jobs.ts';
import { wav } from './support/media.ts';
import { recording } from './support/recordings.ts';
import { expectError, formOf, send, transcribe } from './support/replies.ts';
import { expectHeard, phrase } from './support/speech.ts';

let nodes: RedisServer[];
let service: Service;
beforeAll(async () => {
  nodes = await startRedisCluster();
  const hosts = nodes.map(({ port }) => `127.0.0.1:${port}`).join(',');
  service = await startService({
    workers: 1,
    prefix: '{sotto}',
    env: { REDIS_URL: `redis+cluster://${hosts}`, ENABLE_RATE_LIMIT: 'true', RATE_LIMIT_PER_MINUTE: '100' },
  });
});
afterAll(async () => {
  await service?.close({ leftovers: true });
  await Promise.all((nodes ?? []).map((node) => node.close()));
});

describe('on a Redis Cluster', () => {
  it('recordings are transcribed, window by window, and followed live', async () => {
    const spoken = await recording(71, 8, 3_000);
    const id = await accepted(service.url, spoken.wav);
    const { messages } = await listen(service.url, id);
    expectHeard((await ended(service.url, id)).result?.text, spoken.text);
    expect((await messages).map(({ event }) => event)).toContain('completed');
    const { bytes, text } = await phrase(72);
    expectHeard((await transcribe(service.url, { bytes })).json?.text, text);
  });

  it('batches, lists, deletions and metrics work', async () => {
    const spoken = await phrase(73);
    const form = formOf({ bytes: spoken.bytes });
    const batch = await send(`${service.url}/batches`, { method: 'POST', body: form });
    expect(batch.status).toBe(202);
    const id = await accepted(service.url, wav(4_000));
    await ended(service.url, id);
    expect((await send(`${service.url}/jobs`)).text).toContain(id);
    await remove(service.url, id);
    expectError(await send(`${service.url}/status/${id}`), 404, 'job_not_found');
    expect((await send(`${service.url}/metrics`)).text).toContain('sotto_runs_processing');
    expect((await send(`${service.url}/health/ready`)).json).toMatchObject({ status: 'ready' });
  });

  it('all of it lies on one node', async () => {
    const sizes = await Promise.all(nodes.map((node) => node.client().dbsize()));
    expect(sizes.filter((size) => size > 0)).toHaveLength(1);
  });
});
