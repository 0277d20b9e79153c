import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { RedisServer } from '@sotto/testkit';
import { waitFor } from '@sotto/testkit';
import { Keys } from '../src/redis/keys.ts';
import { asRun, attachInput, Bench, planOf, startRedis, transcriptOf, windowResult } from './harness.ts';

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

describe('attach', () => {
  it('makes a run that reads back as it was given', async () => {
    const input = attachInput({ keyId: 'k1', lane: 'batch' });
    const { run, request, joined } = await bench.runs.attach(input);
    expect(joined).toBe(false);
    expect(run).toMatchObject({ status: 'processing', stage: 'queued', progress: 0, lane: 'batch', keyId: 'k1' });
    expect(run.upload).toEqual(input.input);
    expect(await bench.runs.run(run.id)).toEqual(run);
    expect(await bench.runs.view(input.requestId)).toEqual({ request, run, position: null });
    expect(request).toMatchObject({ id: input.requestId, runId: run.id, fileName: input.fileName });
  });

  it('makes one run of three equal requests at the same time', async () => {
    const workKey = randomUUID();
    const attached = await Promise.all([1, 2, 3].map(() => bench.runs.attach(attachInput({ workKey }))));
    expect(new Set(attached.map(({ run }) => run.id)).size).toBe(1);
    expect(attached.filter(({ joined }) => !joined)).toHaveLength(1);
    const runId = attached[0]?.run.id ?? '';
    await bench.runs.complete(asRun(runId), transcriptOf('hi'));
    for (const { request } of attached) {
      expect(await bench.runs.view(request.id)).toMatchObject({ run: { status: 'completed', progress: 100 } });
    }
  });

  it('of the same request again changes nothing', async () => {
    const input = attachInput();
    const first = await bench.runs.attach(input);
    // Its turn was taken with the run.
    expect(await bench.runs.attach(input)).toEqual({ ...first, priority: null });
    await bench.runs.cancel(first.run);
    expect(await bench.lasting()).toEqual([]);
  });

  it('never joins without a work key', async () => {
    const first = await bench.runs.attach(attachInput({ workKey: null }));
    const second = await bench.runs.attach(attachInput({ workKey: null }));
    expect(second.joined).toBe(false);
    expect(second.run.id).not.toBe(first.run.id);
  });

  it('joins a completed run, and makes a new one after a failed or cancelled one', async () => {
    const workKey = randomUUID();
    const first = await bench.runs.attach(attachInput({ workKey }));
    await bench.runs.fail(first.run, { code: 'undecodable_media', detail: 'no' });
    const second = await bench.runs.attach(attachInput({ workKey }));
    expect(second.joined).toBe(false);
    await bench.runs.cancel(second.run);
    const third = await bench.runs.attach(attachInput({ workKey }));
    expect(third.joined).toBe(false);
    await bench.runs.complete(third.run, transcriptOf('x'));
    const fourth = await bench.runs.attach(attachInput({ workKey }));
    expect(fourth).toMatchObject({ joined: true, run: { id: third.run.id, status: 'completed' } });
  });

  it('joins a completed run only for seven times its retention, and then makes a new one', async () => {
    const workKey = randomUUID();
    const first = await bench.accept({ workKey });
    await bench.runs.complete(asRun(first.run.id), transcriptOf('one'));
    const retentionMs = bench.settings.resultTtlSeconds * 1000;
    const endedAgo = (ms: number) =>
      bench.redis.hset(`${bench.settings.prefix}:run:${first.run.id}`, 'endedAtMs', Date.now() - ms);
    await endedAgo(6.9 * retentionMs);
    expect((await bench.runs.attach(attachInput({ workKey }))).run.id).toBe(first.run.id);
    await endedAgo(7.1 * retentionMs);
    const later = await bench.runs.attach(attachInput({ workKey }));
    expect(later).toMatchObject({ joined: false, run: { status: 'processing' } });
    expect((await bench.runs.attach(attachInput({ workKey }))).run.id).toBe(later.run.id);
    expect(await bench.runs.view(first.request.id)).toMatchObject({ run: { id: first.run.id, status: 'completed' } });
    await bench.producer.cancel(later.run);
  });

  it('only joins a run of the same model file; an unknown one counts as the same', async () => {
    const workKey = randomUUID();
    const attach = (modelDigest: string | null) => bench.runs.attach(attachInput({ workKey, modelDigest }));
    const first = await attach(null);
    expect(await attach('one')).toMatchObject({ joined: true, run: { id: first.run.id } });
    expect(await attach(null)).toMatchObject({ joined: true, run: { id: first.run.id } });
    const other = await attach('another');
    expect(other.joined).toBe(false);
    await bench.runs.cancel(first.run);
    expect(await attach('another')).toMatchObject({ joined: true, run: { id: other.run.id } });
    await bench.runs.cancel(other.run);
  });

  it('raises the lane when somebody joins who waits for the answer', async () => {
    const workKey = randomUUID();
    await bench.runs.attach(attachInput({ workKey, lane: 'batch' }));
    const { run } = await bench.runs.attach(attachInput({ workKey, lane: 'interactive' }));
    expect(run.lane).toBe('interactive');
  });
});

describe('retention', () => {
  const ttlOf = (key: string) => bench.redis.pttl(key);

  it('has nothing of a run expire while it is processing, and all of it afterwards', async () => {
    const keys = new Keys(bench.settings.prefix);
    const { run, request } = await bench.runs.attach(attachInput({ keyId: 'k' }));
    await bench.runs.start(run);
    await bench.windows.planned(run, planOf(2));
    await bench.windows.progress(run.id, 1, 0.5);
    await bench.windows.complete(run.id, windowResult(1, ['b']));
    for (const key of [
      keys.runs.record(run.id),
      keys.requests.record(request.id),
      keys.runs.windows(run.id),
      keys.runs.events(run.id),
    ]) {
      expect(await ttlOf(key)).toBe(-1);
    }
    await bench.runs.complete(run, transcriptOf('b'));
    expect(await bench.lasting()).toEqual([]);
    expect(await ttlOf(`${keys.runs.record(run.id)}:transcript`)).toBeGreaterThan(50_000);
    expect(await ttlOf(keys.runs.windows(run.id))).toBe(-2);
  });

  it('answers expired after the retention, unknown to another key, and then unknown to all', async () => {
    const short = await Bench.open(server, { resultTtlSeconds: 0.15 });
    const { run, request } = await short.runs.attach(attachInput({ keyId: 'k' }));
    await short.runs.complete(run, transcriptOf('x'));
    await waitFor(async () => (await short.runs.view(request.id)) === 'expired', { what: 'expiry' });
    expect(await short.runs.view(request.id, 'k')).toBe('expired');
    expect(await short.runs.view(request.id, 'other')).toBeNull();
    expect(await short.runs.result(run)).toBeNull();
    await waitFor(async () => (await short.runs.view(request.id)) === null, { what: 'the tombstone to go' });
    expect(await short.lasting()).toEqual([]);
    await short.close();
  });

  it('starts anew for a request that joins a completed run, but not for the one before', async () => {
    const keys = new Keys(bench.settings.prefix);
    const workKey = randomUUID();
    const first = await bench.runs.attach(attachInput({ workKey }));
    await bench.runs.complete(first.run, transcriptOf('x'));
    const aged = [
      keys.runs.record(first.run.id),
      `${keys.runs.record(first.run.id)}:transcript`,
      keys.requests.record(first.request.id),
    ];
    for (const key of [...aged, keys.runs.ofWork(workKey)]) await bench.redis.pexpire(key, 5000);
    const second = await bench.runs.attach(attachInput({ workKey }));
    expect(second.joined).toBe(true);
    for (const key of [
      keys.runs.record(first.run.id),
      `${keys.runs.record(first.run.id)}:transcript`,
      keys.runs.ofWork(workKey),
    ]) {
      expect(await ttlOf(key)).toBeGreaterThan(50_000);
    }
    expect(await ttlOf(keys.requests.record(first.request.id))).toBeLessThanOrEqual(5000);
    expect(await ttlOf(keys.requests.record(second.request.id))).toBeGreaterThan(50_000);
    expect(await bench.lasting()).toEqual([]);
  });
});

describe('ends', () => {
  it('lets only the first end count', async () => {
    const { run } = await bench.runs.attach(attachInput());
    expect(await bench.runs.cancel(run)).toBe(true);
    expect(await bench.runs.complete(run, transcriptOf('late'))).toBe(false);
    expect(await bench.runs.fail(run, { code: 'internal_error', detail: 'late' })).toBe(false);
    expect(await bench.windows.complete(run.id, windowResult(0, ['late']))).toBe(false);
    expect(await bench.runs.start(run)).toBeNull();
    expect(await bench.runs.setStage(run, 'assembling')).toBe(false);
    expect(await bench.runs.run(run.id)).toMatchObject({ status: 'cancelled', error: null });
    expect(await bench.runs.result(run)).toBeNull();
    expect((await bench.events.read(run.id)).map(({ event }) => event.type)).toEqual(['cancelled']);
  });

  it('keeps the error of a failed run', async () => {
    const { run, request } = await bench.runs.attach(attachInput());
    await bench.runs.fail(run, { code: 'no_audio_stream', detail: 'Only pictures.' });
    const view = await bench.runs.view(request.id);
    expect(view).toMatchObject({ run: { status: 'failed', error: { code: 'no_audio_stream' } } });
  });
});

describe('detach and forget', () => {
  it('cancels only for the request that leaves, and says when the last has left', async () => {
    const workKey = randomUUID();
    const a = await bench.runs.attach(attachInput({ workKey }));
    const b = await bench.runs.attach(attachInput({ workKey }));
    expect(await bench.runs.detach(a.request.id)).toMatchObject({ last: false, run: { status: 'processing' } });
    expect(await bench.runs.view(a.request.id)).toMatchObject({ run: { status: 'cancelled' } });
    expect(await bench.runs.view(b.request.id)).toMatchObject({ run: { status: 'processing' } });
    expect((await bench.runs.detach(b.request.id)).last).toBe(true);
    const after = await bench.runs.attach(attachInput({ workKey }));
    expect(after.joined).toBe(false);
    await bench.runs.cancel(a.run);
    await bench.runs.cancel(after.run);
    expect(await bench.lasting()).toEqual([]);
  });

  it('does nothing for an unknown request', async () => {
    expect(await bench.runs.detach(randomUUID())).toEqual({ run: null, last: false });
    expect((await bench.runs.forget(randomUUID())).outcome).toBe('unknown');
  });

  it('forgets a finished request, with its run when it was the last', async () => {
    const workKey = randomUUID();
    const a = await bench.runs.attach(attachInput({ workKey, keyId: 'k' }));
    const b = await bench.runs.attach(attachInput({ workKey, keyId: 'k' }));
    expect((await bench.runs.forget(a.request.id)).outcome).toBe('processing');
    await bench.runs.complete(a.run, transcriptOf('x'));
    expect((await bench.runs.forget(a.request.id)).outcome).toBe('forgotten');
    expect(await bench.runs.view(a.request.id)).toBeNull();
    expect(await bench.runs.result(a.run)).not.toBeNull();
    expect((await bench.runs.forget(b.request.id)).outcome).toBe('run_forgotten');
    const left = await bench.redis.keys(`${bench.settings.prefix}:*`);
    // Usage stays counted for the key, and its next turn belongs to the lane.
    expect(left.filter((key) => !/:meta$|:usage|:turns:/.test(key))).toEqual([]);
  });
});

describe('list', () => {
  it('pages through requests newest first, by key and by status, without gaps', async () => {
    const attached = [];
    for (let i = 0; i < 7; i += 1) {
      attached.push(await bench.runs.attach(attachInput({ keyId: i % 2 === 0 ? 'even' : 'odd', nowMs: 1000 + i })));
    }
    const ids = attached.map(({ request }) => request.id).reverse();
    const seen: string[] = [];
    let cursor: string | null = null;
    do {
      const page = await bench.runs.list({ keyId: null, limit: 3, ...(cursor === null ? {} : { cursor }) });
      seen.push(...page.items.map(({ request }) => request.id));
      cursor = page.nextCursor;
    } while (cursor !== null);
    expect(seen).toEqual(ids);
    const even = await bench.runs.list({ keyId: 'even', limit: 10 });
    expect(even.items.map(({ request }) => request.id)).toEqual(ids.filter((_, i) => i % 2 === 0));
    await bench.runs.cancel(asRun(attached[2]?.run.id ?? ''));
    const cancelled = await bench.runs.list({ keyId: null, status: 'cancelled', limit: 10 });
    expect(cancelled.items.map(({ run }) => run.id)).toEqual([attached[2]?.run.id]);
  });

  it('removes expired requests from the index', async () => {
    const short = await Bench.open(server, { resultTtlSeconds: 0.15 });
    const { run, request } = await short.runs.attach(attachInput());
    await short.runs.complete(run, transcriptOf('x'));
    await waitFor(async () => (await short.runs.view(request.id)) === 'expired', { what: 'expiry' });
    expect(await short.runs.list({ keyId: null, limit: 5 })).toEqual({ items: [], nextCursor: null });
    await short.close();
  });
});
