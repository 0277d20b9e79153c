import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { type ApiKey, type KeyLimits, NO_KEY_LIMITS } from '@sotto/contracts';
import type { RedisServer } from '@sotto/testkit';
import fc from 'fast-check';
import { ApiKeys, periodsAt, Usage } from '../src/index.ts';
import { attachInput, Bench, planOf, startRedis, transcriptOf, windowResult } from './harness.ts';

let server: RedisServer;
let bench: Bench;
let usage: Usage;
beforeAll(async () => {
  server = await startRedis();
});
afterAll(() => server.close());
beforeEach(async () => {
  bench = await Bench.open(server);
  usage = new Usage(bench.redis, bench.settings);
});
afterEach(() => bench.close());

const MINUTE_MS = 60_000;

async function makeKey(limits: Partial<KeyLimits>): Promise<ApiKey> {
  const apiKeys = new ApiKeys(bench.redis, bench.settings);
  const { key } = await apiKeys.create({
    name: 'k',
    scopes: ['transcribe'],
    weight: 1,
    mayRaisePriority: false,
    keep: false,
    webhookUrl: null,
    userId: null,
    expiresAtMs: null,
    limits: { ...NO_KEY_LIMITS, ...limits },
  });
  return key;
}

/** An MP3 whose length is guessed as so many minutes. */
const mp3 = (minutes: number) => ({ ...attachInput().input, container: 'mp3' as const, bytes: minutes * 960_000 });
const accept = (keyId: string | null, minutes: number, on = bench) =>
  on.runs.attach(attachInput({ keyId, input: mp3(minutes) }));
const lasting = (minutes: number) => ({ ...planOf(1), durationMs: minutes * MINUTE_MS });

async function day(key: ApiKey) {
  const [state] = await usage.quotas(key, Date.now());
  return { usedMinutes: Number(state?.used) / MINUTE_MS, reservedMinutes: Number(state?.reserved) / MINUTE_MS };
}

describe('a quota', () => {
  it('is reserved by a guess, used by what was decoded, and given back by a run that fails or is cancelled', async () => {
    const key = await makeKey({ audioMinutesPerDay: 10 });
    const [a, b, c] = [await accept(key.id, 2), await accept(key.id, 3), await accept(key.id, 1)];
    expect(await day(key)).toEqual({ usedMinutes: 0, reservedMinutes: 6 });
    await bench.windows.planned(a.run, lasting(4));
    expect(await day(key)).toEqual({ usedMinutes: 4, reservedMinutes: 4 });
    await bench.windows.planned(b.run, lasting(1));
    expect(await day(key)).toEqual({ usedMinutes: 5, reservedMinutes: 1 });
    await bench.runs.cancel(c.run);
    await bench.runs.fail(b.run, { code: 'transcription_failed', detail: 'a test' });
    await bench.runs.complete(a.run, transcriptOf('a'));
    expect(await day(key)).toEqual({ usedMinutes: 4, reservedMinutes: 0 });
  });

  it('counts each step once, however often a process that died makes another repeat it', async () => {
    const key = await makeKey({ audioMinutesPerDay: 10 });
    const input = attachInput({ keyId: key.id, input: mp3(2) });
    const { run } = await bench.runs.attach(input);
    await bench.runs.attach(input);
    for (const minutes of [3, 5]) await bench.windows.planned(run, lasting(minutes));
    expect(await day(key)).toEqual({ usedMinutes: 3, reservedMinutes: 0 });
    for (const _ of [1, 2]) await bench.runs.cancel(run);
    await bench.runs.complete(run, transcriptOf('late'));
    expect(await day(key)).toEqual({ usedMinutes: 0, reservedMinutes: 0 });
    const today = periodsAt(Date.now()).day;
    expect(await usage.ofKey(key.id, today, today)).toMatchObject([{ requests: 1 }]);
  });

  it('counts nothing twice: a request that joins a run, or finds its result, uses no minutes', async () => {
    const key = await makeKey({ audioMinutesPerDay: 3 });
    const again = () => bench.runs.attach(attachInput({ keyId: key.id, input: mp3(3), workKey: 'same' }));
    const { run } = await again();
    expect((await again()).joined).toBe(true);
    await bench.windows.planned(run, lasting(3));
    await bench.runs.complete(run, transcriptOf('a'));
    expect((await again()).joined).toBe(true);
    expect(await day(key)).toEqual({ usedMinutes: 3, reservedMinutes: 0 });
  });

  it('refuses when it is used up, until its day or month ends', async () => {
    const key = await makeKey({ audioMinutesPerDay: 5, audioMinutesPerMonth: 6 });
    const now = Date.UTC(2031, 0, 31, 23, 59);
    const at = (nowMs: number) => bench.runs.attach(attachInput({ keyId: key.id, input: mp3(1), nowMs }));
    await bench.windows.planned((await at(now)).run, lasting(5));
    await expect(at(now)).rejects.toMatchObject({
      code: 'quota_exceeded',
      retryAfterSeconds: 60,
      fields: { quota: 'day', limit_minutes: 5, used_minutes: 5, resets_at: '2031-02-01T00:00:00.000Z' },
    });
    const tomorrow = now + MINUTE_MS;
    await bench.windows.planned((await at(tomorrow)).run, lasting(5));
    const inTwoDays = tomorrow + 2 * 86_400_000;
    await bench.windows.planned((await at(inTwoDays)).run, lasting(1));
    await expect(at(inTwoDays)).rejects.toMatchObject({
      fields: { quota: 'month', used_minutes: 6, resets_at: '2031-03-01T00:00:00.000Z' },
    });
  });

  it('asks to try again soon while only reserved minutes are in the way', async () => {
    const key = await makeKey({ audioMinutesPerDay: 5 });
    const { run } = await accept(key.id, 600);
    expect(await day(key)).toEqual({ usedMinutes: 0, reservedMinutes: 5 });
    const refused = { code: 'quota_exceeded', retryAfterSeconds: 10 };
    await expect(accept(key.id, 1)).rejects.toMatchObject(refused);
    await bench.windows.planned(run, lasting(4));
    await accept(key.id, 1);
  });

  it('fails a recording that is longer than what is left, and counts nothing for it', async () => {
    const key = await makeKey({ audioMinutesPerDay: 5 });
    const [first, second] = [await accept(key.id, 1), await accept(key.id, 1)];
    await bench.windows.planned(first.run, lasting(3));
    await expect(bench.windows.planned(second.run, lasting(2.5))).rejects.toMatchObject({
      code: 'quota_exceeded',
      fields: { quota: 'day', used_minutes: 3 },
      detail: expect.stringContaining('2.5'),
    });
    expect(await bench.runs.plan(second.run.id)).toBeNull();
    await bench.runs.fail(second.run, { code: 'quota_exceeded', detail: 'as the worker does' });
    expect(await day(key)).toEqual({ usedMinutes: 3, reservedMinutes: 0 });
  });

  it('holds for the keys of the environment and for work without a key no more than nothing', async () => {
    await accept(null, 1e6);
    await accept('first', 1e6);
    const today = periodsAt(Date.now()).day;
    expect(await usage.ofAll(today, today)).toMatchObject([{ keyId: null, requests: 1 }, { keyId: 'first' }]);
  });

  it('is never exceeded, whatever was guessed, decoded and ended in which order, by several processes', async () => {
    const others = await Promise.all([Bench.open(server, bench.settings), Bench.open(server, bench.settings)]);
    const benches = [bench, ...others];
    const recording = fc.record({
      guess: fc.integer({ min: 1, max: 20 }),
      length: fc.integer({ min: 1, max: 20 }),
      end: fc.constantFrom('complete', 'fail', 'cancel', 'none'),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(recording, { maxLength: 25 }), async (recordings) => {
        const key = await makeKey({ audioMinutesPerDay: 30 });
        let expected = 0;
        await Promise.all(
          recordings.map(async ({ guess, length, end }, i) => {
            const { runs, windows } = benches[i % 3] ?? bench;
            const input = attachInput({ keyId: key.id, input: mp3(guess) });
            const accepted = await runs.attach(input).catch(() => null);
            if (accepted === null) return;
            const { run } = accepted;
            const planned = await windows.planned(run, lasting(length)).catch(() => null);
            expect((await day(key)).usedMinutes).toBeLessThanOrEqual(30);
            if (planned === null) await runs.fail(run, { code: 'quota_exceeded', detail: '-' });
            else if (end === 'complete') await runs.complete(run, transcriptOf('a'));
            else if (end === 'fail') await runs.fail(run, { code: 'internal_error', detail: '-' });
            else if (end === 'cancel') await runs.cancel(run);
            if (planned !== null && (end === 'complete' || end === 'none')) expected += length;
          }),
        );
        expect(await day(key)).toEqual({ usedMinutes: expected, reservedMinutes: 0 });
      }),
      { numRuns: 25 },
    );
    await Promise.all(others.map((other) => other.close()));
  });
});

describe('events of a quota', () => {
  const outbox = async () => (await bench.redis.zrange(`${bench.settings.prefix}:outbox:webhooks`, '0', '-1')).sort();

  it('come at 80 and at 100 %, once each in a period, whatever is given back', async () => {
    const key = await makeKey({ audioMinutesPerDay: 10 });
    const today = periodsAt(Date.now()).day;
    await bench.windows.planned((await accept(key.id, 1)).run, lasting(7));
    expect(await outbox()).toEqual([]);
    const { run } = await accept(key.id, 1);
    await bench.windows.planned(run, lasting(1));
    expect(await outbox()).toEqual([`quota:${key.id}:${today}:audio_ms:80`]);
    await bench.redis.del(`${bench.settings.prefix}:outbox:webhooks`);
    await bench.runs.cancel(run);
    for (const minutes of [1, 2]) await bench.windows.planned((await accept(key.id, 1)).run, lasting(minutes));
    expect(await outbox()).toEqual([`quota:${key.id}:${today}:audio_ms:100`]);
    await bench.redis.del(`${bench.settings.prefix}:outbox:webhooks`);
    await expect(accept(key.id, 1)).rejects.toMatchObject({ code: 'quota_exceeded' });
    expect(await outbox()).toEqual([]);
  });

  it('also come when a recording does not fit, or a quota is reduced', async () => {
    const key = await makeKey({ audioMinutesPerMonth: 10 });
    const { month } = periodsAt(Date.now());
    await expect(bench.windows.planned((await accept(key.id, 1)).run, lasting(11))).rejects.toThrow();
    expect(await outbox()).toEqual([`quota:${key.id}:${month}:audio_ms:100`]);
    const other = await makeKey({});
    await bench.windows.planned((await accept(other.id, 1)).run, lasting(9));
    const apiKeys = new ApiKeys(bench.redis, bench.settings);
    await apiKeys.change(other.id, { limits: { ...NO_KEY_LIMITS, audioMinutesPerMonth: 5 } });
    await expect(accept(other.id, 1)).rejects.toMatchObject({ code: 'quota_exceeded' });
    expect(await outbox()).toContain(`quota:${other.id}:${month}:audio_ms:100`);
  });
});

describe('usage', () => {
  it('has requests, completed audio and engine time of a key on each day, and expires', async () => {
    const key = await makeKey({});
    const { run } = await accept(key.id, 1);
    await bench.windows.planned(run, lasting(2));
    for (const _ of [1, 2]) await bench.windows.complete(run.id, windowResult(0, ['a']));
    await bench.runs.complete(run, transcriptOf('a'));
    const { run: failed } = await accept(key.id, 1);
    await bench.windows.planned(failed, planOf(2));
    await bench.windows.complete(failed.id, windowResult(1, ['a']));
    await bench.runs.fail(failed, { code: 'internal_error', detail: '-' });
    const today = periodsAt(Date.now()).day;
    const expected = {
      day: today,
      keyId: key.id,
      requests: 2,
      done: { audio_ms: 2 * MINUTE_MS, characters: 0 },
      processingMs: 10,
    };
    expect(await usage.ofKey(key.id, '2026-01-01', today)).toEqual([expected]);
    expect(await usage.ofAll(today, today)).toEqual([expected]);
    expect(await usage.ofKey('other', today, today)).toEqual([]);
    expect((await bench.lasting()).filter((name) => name.includes(':usage'))).toEqual([]);
  });

  it('that has expired is not created again by a run that ends late', async () => {
    const key = await makeKey({});
    const { run } = await accept(key.id, 1);
    await bench.windows.planned(run, lasting(1));
    const names = await bench.redis.keys(`${bench.settings.prefix}:usage:*`);
    await bench.redis.del(...names);
    await bench.runs.complete(run, transcriptOf('a'));
    expect(await bench.redis.keys(`${bench.settings.prefix}:usage:*`)).toEqual([]);
  });
});
