/** @alone It measures how fast requests are refused while Redis is away. */
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { filesUnder, type Service, startService, waitFor } from '@sotto/testkit';
import { unfinishedWork } from './support/fleet.ts';
import { accepted, ended, listen, statusOf } from './support/jobs.ts';
import { wav } from './support/media.ts';
import { expectError, type Reply, send, transcribe } from './support/replies.ts';
import { expectHeard, phrase } from './support/speech.ts';
import { startUnready } from './support/unready.ts';

let service: Service;

async function timed(work: Promise<Reply>): Promise<{ reply: Reply; ms: number }> {
  const startedMs = performance.now();
  const reply = await work;
  return { reply, ms: performance.now() - startedMs };
}

async function expectUnavailable(work: Promise<Reply>): Promise<void> {
  const { reply, ms } = await timed(work);
  expectError(reply, 503, 'queue_unavailable');
  expect(Number(reply.headers.get('retry-after'))).toBeGreaterThan(0);
  expect(ms).toBeLessThan(1_500);
}

const isReady = async (url: string): Promise<boolean> => (await send(`${url}/health/ready`)).status === 200;

describe('while Redis is away', () => {
  beforeEach(async () => {
    service = await startService({ workers: 0 });
  });
  afterEach(async () => {
    await service?.close({ leftovers: true });
  });

  it.each([
    ['dead', () => service.redis.kill9(), () => service.redis.restart()],
    ['frozen', async () => service.redis.freeze(), async () => service.redis.thaw()],
  ])(
    '(%s) says so within a second, half-accepts nothing, and takes work again afterwards',
    async (_how, away, back) => {
      const before = await accepted(service.url, wav());
      await service.redis.keepOnDisk();
      await away();
      await expectUnavailable(transcribe(service.url, { bytes: wav(2_000) }, { async: 'true' }));
      await expectUnavailable(send(`${service.url}/status/${before}`));
      await expectUnavailable(send(`${service.url}/jobs`));
      expect((await send(`${service.url}/health/ready`)).status).toBe(503);
      expect((await send(`${service.url}/health`)).json).toMatchObject({ status: 'unhealthy', queue: null });
      expect((await send(`${service.url}/health/live`)).status).toBe(200);
      expect((await send(`${service.url}/metrics`)).status).toBe(200);
      expect(await filesUnder(service.blobFolder)).toHaveLength(2);
      await back();
      await waitFor(() => isReady(service.url), { what: 'the API to find Redis again' });
      expect(await statusOf(service.url, before)).toMatchObject({ status: 'processing' });
      await accepted(service.url, wav(3_000));
      expect(await unfinishedWork(service.redis.client(), service.prefix)).toBe(4);
    },
  );

  it('starts without it, and is ready when it comes', async () => {
    await service.redis.kill9();
    const api = await startUnready(service, {});
    try {
      expect(await isReady(api.url)).toBe(false);
      await service.redis.restart();
      await waitFor(() => isReady(api.url), { what: 'the API to find Redis' });
    } finally {
      await api.process.stop();
    }
  });
});

describe('a restart of Redis', () => {
  afterEach(async () => {
    await service?.close();
  });

  it('does not end the wait of a synchronous client', async () => {
    service = await startService({ workers: 0 });
    const { bytes, text } = await phrase(41);
    const waiting = transcribe(service.url, { bytes });
    const redis = service.redis.client();
    await waitFor(async () => (await unfinishedWork(redis, service.prefix)) === 2, { what: 'the job' });
    await service.redis.keepOnDisk();
    await service.redis.kill9();
    await service.redis.restart();
    await service.addWorker();
    const reply = await waiting;
    expect(reply.status).toBe(200);
    expectHeard(reply.json?.text, text);
  });
});

describe('an outage', () => {
  afterEach(async () => {
    await service?.close();
  });

  it('is told once by each process, and so is its end', async () => {
    service = await startService();
    const logs = [...service.apis, ...service.workers].map(({ process }) => process);
    const told = (words: string) => logs.map(({ stdout }) => stdout.split(words).length - 1);
    let attempts = 0;
    service.redis.client().on('reconnecting', () => {
      attempts += 1;
    });
    await service.redis.kill9();
    await waitFor(() => attempts >= 6, { what: 'everybody to have tried again several times' });
    await service.redis.restart();
    await waitFor(() => told('Connected to the queue (Redis)').every((times) => times === 2), {
      what: 'both to say that it is back',
    });
    expect(told('Cannot reach the queue (Redis)')).toEqual([1, 1]);
    expect(told('reported an error')).toEqual([0, 0]);
  });
});

describe('SIGTERM', () => {
  afterEach(async () => {
    await service?.close({ leftovers: true });
  });

  it('gives who waits a 202 in time, ends streams, refuses new work, and leaves', async () => {
    service = await startService({ workers: 0, apiEnv: { SHUTDOWN_GRACE: '0.7' } });
    const [api] = service.apis;
    if (api === undefined) throw new Error('There is no API.');
    const id = await accepted(service.url, wav());
    const listening = await listen(service.url, id);
    const waiting = transcribe(service.url, { bytes: wav(2_000) });
    const redis = service.redis.client();
    await waitFor(async () => (await redis.zcard(`${service.prefix}:processing`)) === 2, { what: 'both runs' });
    api.process.signal('SIGTERM');
    const reply = await waiting;
    expect(reply.status).toBe(202);
    expect(await listening.messages).toEqual([]);
    expect(await api.process.ended).toEqual({ code: 0, signal: null });
    const other = await service.addApi();
    expect(await statusOf(other.url, String(reply.json?.job_id))).toMatchObject({ status: 'processing' });
  });

  it('lets a result that comes within the grace reach its client', async () => {
    service = await startService({ workers: 1, apiEnv: { SHUTDOWN_GRACE: '20' } });
    const [api] = service.apis;
    if (api === undefined) throw new Error('There is no API.');
    const { bytes, text } = await phrase(42);
    const redis = service.redis.client();
    const waiting = transcribe(service.url, { bytes });
    await waitFor(async () => (await redis.zcard(`${service.prefix}:processing`)) === 1, { what: 'the run' });
    api.process.signal('SIGTERM');
    const reply = await waiting;
    expect(reply.status).toBe(200);
    expectHeard(reply.json?.text, text);
    expect((await api.process.ended).code).toBe(0);
  });
});

describe('an API process that dies', () => {
  afterEach(async () => {
    await service?.close();
  });

  it('takes no accepted work with it', async () => {
    service = await startService({ workers: 0 });
    const [api] = service.apis;
    if (api === undefined) throw new Error('There is no API.');
    const { bytes, text } = await phrase(43);
    const id = await accepted(service.url, bytes);
    api.process.signal('SIGKILL');
    await api.process.ended;
    const [other] = await Promise.all([service.addApi(), service.addWorker()]);
    expectHeard((await ended(other.url, id)).result?.text, text);
    service.apis.splice(0, 1);
  });
});
