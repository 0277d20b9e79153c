import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { type Service, startService, waitFor } from '@sotto/testkit';
import type { Redis } from 'ioredis';
import { accepted, ended, statusOf } from './support/jobs.ts';
import { wav } from './support/media.ts';
import { recording } from './support/recordings.ts';
import { expectError, send, transcribe } from './support/replies.ts';
import { expectHeard, phrase } from './support/speech.ts';

let service: Service;
let admin: Redis;
beforeAll(async () => {
  service = await startService({ workers: 0 });
  admin = service.redis.client();
});
afterAll(() => service?.close({ leftovers: true }));

const post = () => transcribe(service.url, { bytes: wav() }, { async: 'true' });
const ready = async () => (await send(`${service.url}/health/ready`)).json;

async function expectRefused(code: string): Promise<void> {
  const reply = await post();
  expectError(reply, 503, code);
  expect(Number(reply.headers.get('retry-after'))).toBeGreaterThan(0);
}

const takesWorkAgain = () => waitFor(async () => (await post()).status === 202, { what: 'new work to be taken' });

describe('when the memory of Redis fills up', () => {
  const BALLAST_BYTES = 64 * 2 ** 20;
  /** Sets `maxmemory` so that so many percent of it are in use. */
  async function use(percent: number): Promise<void> {
    const used = Number(/used_memory:(\d+)/.exec(await admin.info('memory'))?.[1]);
    await admin.config('SET', 'maxmemory', Math.round((100 * used) / percent));
  }
  afterEach(async () => {
    await admin.config('SET', 'maxmemory', 0);
    await admin.del('ballast');
  });

  it('refuses new work from 80 %, while running work goes on to its end', async () => {
    const { bytes, text } = await phrase(61);
    const id = await accepted(service.url, bytes);
    await admin.setrange('ballast', BALLAST_BYTES, 'x');
    await use(70);
    expect((await post()).status).toBe(202);
    await use(85);
    // What is in use is measured once a second.
    await waitFor(async () => (await post()).status === 503, { what: 'the memory to be measured' });
    await expectRefused('queue_memory_full');
    expect(await ready()).toMatchObject({ status: 'degraded', checks: { redis_memory: false, redis_writable: true } });
    expect((await send(`${service.url}/health`)).text).toContain('The memory of the queue (Redis) is almost full');
    expect((await send(`${service.url}/metrics`)).text).toMatch(/^sotto_redis_memory_limit_bytes\{.*\} \d{8}/m);
    const worker = await service.addWorker();
    expectHeard((await ended(service.url, id)).result?.text, text);
    await worker.process.stop();
    service.workers.splice(0, 1);
    await use(70);
    await takesWorkAgain();
  });

  it('has a job that runs wait when nothing can be written at all, and costs it no try', async () => {
    const { wav: bytes, text } = await recording(62, 4, 2_000);
    const id = await accepted(service.url, bytes);
    const worker = await service.addWorker();
    await waitFor(async () => (await statusOf(service.url, id)).stage !== 'queued', { what: 'the job to run' });
    await admin.config('SET', 'maxmemory', 1);
    await waitFor(() => worker.process.stdout.includes('Cannot reach the queue (Redis)'), { what: 'a refused write' });
    await admin.config('SET', 'maxmemory', 0);
    expectHeard((await ended(service.url, id)).result?.text, text);
    expect(worker.process.stdout).not.toMatch(/job failed|job will be tried again/);
    await worker.process.stop();
    service.workers.splice(0, 1);
  });

  it('refuses it when nothing can be written at all, and still answers what is known', async () => {
    const id = await accepted(service.url, wav(2_000));
    await admin.config('SET', 'maxmemory', 1);
    await expectRefused('queue_memory_full');
    expect(await statusOf(service.url, id)).toMatchObject({ status: 'processing' });
    expect((await send(`${service.url}/health/ready`)).status).toBe(503);
    expect(await ready()).toMatchObject({ checks: { redis_connected: true, redis_writable: false } });
    await admin.config('SET', 'maxmemory', 0);
    await takesWorkAgain();
  });
});

describe('when Redis answers, but not to the point', () => {
  it('a replica makes the API not ready, though it can be read', async () => {
    // Nobody is there, so nothing is copied.
    await admin.replicaof('127.0.0.1', 1);
    await expectRefused('queue_unavailable');
    expect(await ready()).toMatchObject({ status: 'not_ready', checks: { redis_writable: false } });
    await admin.replicaof('NO', 'ONE');
    await takesWorkAgain();
  });

  it('a script that does not end (BUSY) is 503, everywhere', async () => {
    const id = await accepted(service.url, wav(2_000));
    await admin.config('SET', 'lua-time-limit', 100);
    const endless = service.redis.client().eval('while true do end', 0);
    endless.catch(() => {});
    await expectRefused('queue_unavailable');
    for (const path of [`/status/${id}`, '/jobs', `/jobs/${id}/result`])
      expectError(await send(`${service.url}${path}`), 503, 'queue_unavailable');
    // For a second, what the workers have is told from the last look at them.
    const models = await waitFor(
      async () => {
        const reply = await send(`${service.url}/models`);
        return reply.status === 200 ? null : reply;
      },
      { what: 'the last look to be old' },
    );
    expectError(models, 503, 'queue_unavailable');
    await waitFor(() => admin.script('KILL').then(() => true), { what: 'the script to end' });
    await takesWorkAgain();
  });

  it('a password that is not ours (NOAUTH) is 503, and connections come back with the right one', async () => {
    await admin.config('SET', 'requirepass', 'secret');
    await admin.call('CLIENT', 'KILL', 'TYPE', 'normal', 'SKIPME', 'yes');
    await expectRefused('queue_unavailable');
    await admin.config('SET', 'requirepass', '');
    await takesWorkAgain();
  });
});
