import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { enginesOf } from '@sotto/contracts';
import { Heartbeats } from '@sotto/queue';
import { type Service, startService, waitFor } from '@sotto/testkit';
import type { Redis } from 'ioredis';
import { leavesNothing, unfinishedWork } from './support/fleet.ts';
import { accepted, ended, listen, parseSse, remove, statusOf } from './support/jobs.ts';
import { recording } from './support/recordings.ts';
import { expectError, formOf, send, transcribe } from './support/replies.ts';
import { expectHeard, phrase } from './support/speech.ts';

/** Nobody works until a test lets a worker in: what happens to waiting jobs can be looked at in peace. */
let service: Service;
let redis: Redis;

beforeEach(async () => {
  service = await startService({ workers: 0, apiEnv: { SYNC_TIMEOUT: '0.3', EVENT_HEARTBEAT: '0.05' } });
  redis = service.redis.client();
});

afterEach(async () => {
  await service?.close();
});

describe('three requests for the same work', () => {
  it('share a run, which goes on while one of them stays', async () => {
    const { bytes, text } = await phrase(11);
    const [a, b, c] = await Promise.all([1, 2, 3].map(() => accepted(service.url, bytes)));
    if (!a || !b || !c) throw new Error('Not accepted.');
    expect(new Set([a, b, c]).size).toBe(3);
    expect(await redis.zcard(`${service.prefix}:processing`)).toBe(1);

    expect((await remove(service.url, a)).json).toMatchObject({ job_id: a, status: 'cancelled' });
    expect(await statusOf(service.url, a)).toMatchObject({ status: 'cancelled' });
    expect(await statusOf(service.url, b)).toMatchObject({ status: 'processing', stage: 'queued', queue_position: 1 });
    expectError(await send(`${service.url}/jobs/${a}/result`), 409, 'job_cancelled');
    expectError(await send(`${service.url}/jobs/${b}/result`), 409, 'job_not_finished');

    await service.addWorker();
    const [doneB, doneC] = await Promise.all([ended(service.url, b), ended(service.url, c)]);
    expectHeard(doneB.result?.text, text);
    expect(doneC.result).toEqual(doneB.result);
    expect(await statusOf(service.url, a)).toMatchObject({ status: 'cancelled' });
  });

  it('end their run when the last one leaves, also through another API process', async () => {
    const { bytes } = await phrase(12);
    const ids = await Promise.all([1, 2, 3].map(() => accepted(service.url, bytes)));
    const other = await service.addApi();
    for (const id of ids) await remove(other.url, id);
    expect(await unfinishedWork(redis, service.prefix)).toBe(0);
    await leavesNothing(service, redis);
  });
});

describe('a synchronous request that takes too long', () => {
  it('is answered 202 with the status address, and its retry joins the run', async () => {
    const { bytes, text } = await phrase(13);
    const reply = await transcribe(service.url, { bytes });
    expect(reply.status).toBe(202);
    expect(reply.json).toMatchObject({ status: 'processing', hint: expect.stringMatching(/async/) });
    const retry = await transcribe(service.url, { bytes });
    expect(await redis.zcard(`${service.prefix}:processing`)).toBe(1);
    await service.addWorker();
    const id = String(retry.json?.job_id);
    expectHeard((await ended(service.url, id)).result?.text, text);
  });

  it('goes on without its client, unless the client wanted it cancelled', async () => {
    const hangUp = async (seed: number, fields: Record<string, string>) => {
      const gone = new AbortController();
      const body = formOf(await phrase(seed), fields);
      const request = fetch(`${service.url}/transcribe`, { method: 'POST', body, signal: gone.signal });
      await waitFor(async () => (await redis.zcard(`${service.prefix}:processing`)) === 1, { what: 'the run' });
      gone.abort();
      await expect(request).rejects.toThrow();
    };
    await hangUp(14, { cancel_on_disconnect: 'true' });
    await leavesNothing(service, redis);
    await hangUp(15, {});
    const { json } = await send(`${service.url}/jobs?status=processing`);
    expect(json?.jobs).toHaveLength(1);
    await service.addWorker();
    await leavesNothing(service, redis);
  });
});

describe('a listener', () => {
  it('hears of a waiting job from its first stage to its end, over a broken line', async () => {
    const id = await accepted(service.url, (await phrase(16)).bytes);
    const listening = await listen(service.url, id);
    expect(listening.status).toBe(200);
    await service.addWorker();
    const messages = await listening.messages;
    const progress = messages.filter(({ event }) => event === 'progress').map(({ data }) => Number(data.progress));
    expect(progress).toEqual([...progress].sort((a, b) => a - b));
    expect(messages.map(({ event }) => event)).toContain('text');
    expect(messages.at(-1)?.event).toBe('completed');
  });

  it('gets comments while nothing happens, so that proxies keep the line, and the events among them', async () => {
    const id = await accepted(service.url, (await phrase(19)).bytes);
    const response = await fetch(`${service.url}/jobs/${id}/events`);
    let stream = '';
    const read = (async () => {
      const decoder = new TextDecoder();
      for await (const chunk of response.body ?? []) stream += decoder.decode(chunk, { stream: true });
    })();
    const comments = () => stream.split('\n\n').filter((block) => block.startsWith(':'));
    await waitFor(() => comments().length >= 3, { what: 'three comments on a quiet line' });
    await remove(service.url, id);
    await read;
    expect(parseSse(stream).map(({ event }) => event)).toEqual(['cancelled']);
    expect(stream.split('\n\n').slice(1, 4)).toEqual([': keep-alive', ': keep-alive', ': keep-alive']);
  });

  it('hears that a job was cancelled', async () => {
    const id = await accepted(service.url, (await phrase(17)).bytes);
    const listening = await listen(service.url, id);
    await remove(service.url, id);
    expect((await listening.messages).map(({ event }) => event)).toEqual(['cancelled']);
  });
});

describe('the lane of a job', () => {
  it('lets who waits for an answer, and what is small, go before what is large', async () => {
    const largeMs = 400_000;
    const long = await accepted(service.url, (await recording(18, 1, largeMs)).wav);
    const urgent = await accepted(service.url, (await recording(19, 1, largeMs)).wav, { priority: 'interactive' });
    const short = await accepted(service.url, (await phrase(20)).bytes);
    const positions = await Promise.all([urgent, short, long].map((id) => statusOf(service.url, id)));
    expect(positions.map(({ queue_position }) => queue_position)).toEqual([1, 2, 3]);
    for (const id of [long, urgent, short]) await remove(service.url, id);
  });
});

describe('a job that waits', () => {
  it('is told when it will be done, after those before it, once a worker has shown its speed', async () => {
    const worker = await service.addWorker();
    await ended(service.url, await accepted(service.url, (await phrase(21)).bytes));
    const heartbeats = new Heartbeats(redis, { prefix: service.prefix, resultTtlSeconds: 60 });
    await waitFor(async () => enginesOf(await heartbeats.list(), 'transcribe').some(({ speed }) => speed !== null), {
      what: 'the worker to tell its speed',
    });
    worker.process.signal('SIGSTOP');
    const first = await accepted(service.url, (await recording(22, 1, 300_000)).wav);
    const second = await accepted(service.url, (await recording(23, 1, 400_000)).wav);
    const estimateOf = async (id: string) => Date.parse(String((await statusOf(service.url, id)).estimated_completion));
    await waitFor(async () => !Number.isNaN(await estimateOf(first)), { what: 'an estimate' });
    const now = Date.now();
    const [early, late] = [await estimateOf(first), await estimateOf(second)];
    expect(early).toBeGreaterThan(now - 1_000);
    expect(late).toBeGreaterThan(early);
    worker.process.signal('SIGCONT');
    for (const id of [first, second]) await remove(service.url, id);
  });
});
