/** @busy It kills workers. */
import { randomUUID } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { type ApiKey, type DeliveryOptions, NO_KEY_LIMITS, type Run, toWireJob } from '@sotto/contracts';
import {
  ApiKeys,
  type AttachInput,
  acceptWork,
  Backlog,
  Batches,
  connectRedis,
  Extras,
  type JobContext,
  Producer,
  type QueueSettings,
  RunEvents,
  Runs,
  Sweeper,
  Usage,
} from '@sotto/queue';
import { blobKey, FileBlobStore, Manifests } from '@sotto/storage';
import {
  Child,
  lastingKeys,
  REPOSITORY,
  Receiver,
  type RedisServer,
  startRedis,
  temporaryFolder,
  waitFor,
} from '@sotto/testkit';
import type { Redis } from 'ioredis';
import { sweepHandler } from '../src/handlers/sweep.ts';
import { TRIAL_CATALOG, type TrialRun } from './trial/trial-kind.ts';
import type { TrialOptions } from './trial/trial-process.ts';

jest.setTimeout(120_000);

const PROGRAM = fileURLToPath(new URL('./trial/trial-process.ts', import.meta.url));
const TSX = pathToFileURL(`${REPOSITORY}/node_modules/tsx/dist/loader.mjs`).href;
const SECRET = `whsec_${Buffer.from('a secret of this test').toString('base64')}`;

let server: RedisServer;
let redis: Redis;
let subscriber: Redis;
let settings: QueueSettings;
let folder: string;
let blobs: FileBlobStore;
let runs: Runs;
let extras: Extras;
let producer: Producer;
let events: RunEvents;
let receiver: Receiver;
let workers: Child[];

beforeAll(async () => {
  server = await startRedis();
  receiver = await Receiver.open();
});
afterAll(async () => {
  await receiver.close();
  await server.close();
});
beforeEach(async () => {
  redis = connectRedis(server.url, 'worker');
  subscriber = connectRedis(server.url, 'worker');
  settings = { prefix: `trial-${randomUUID()}`, resultTtlSeconds: 60, catalog: TRIAL_CATALOG };
  folder = join(await temporaryFolder('trial'), 'blobs');
  // As in any service: a store without a folder of blobs is one whose volume is away.
  await mkdir(join(folder, 'uploads'), { recursive: true });
  blobs = new FileBlobStore(folder);
  runs = new Runs(redis, settings);
  extras = new Extras(redis, settings);
  producer = new Producer(redis, settings);
  events = new RunEvents(redis, subscriber, settings);
  receiver.calls.length = 0;
  workers = [];
});
afterEach(async () => {
  for (const worker of workers) await worker.stop();
  await producer.close();
  redis.disconnect();
  subscriber.disconnect();
});

async function addWorker(copyMs = 20): Promise<Child> {
  const { catalog: _ofThisProcess, ...plain } = settings;
  const options: TrialOptions = { redisUrl: server.url, settings: plain, folder, copyMs, webhookSecret: SECRET };
  const child = await Child.start({
    name: 'trial worker',
    command: process.execPath,
    args: ['--import', TSX, '--conditions=@sotto/source', PROGRAM, JSON.stringify(options)],
    cwd: REPOSITORY,
  });
  workers.push(child);
  await waitFor(() => child.output.includes('ready'), { what: 'the worker to be ready', timeoutMs: 30_000 });
  return child;
}

interface Asked {
  text?: string;
  times?: number;
  faultyTimes?: number;
  key?: ApiKey | null;
  workKey?: string | null;
  delivery?: Partial<DeliveryOptions>;
}

function inputOf({ text = 'hello', times = 3, faultyTimes = 1, key = null, workKey = null, delivery }: Asked) {
  const input = {
    kind: 'trial',
    workKey,
    modelDigest: null,
    requestId: randomUUID(),
    input: text,
    options: { times, faultyTimes },
    delivery: {
      responseFormat: 'json',
      granularity: 'segment',
      async: true,
      priority: null,
      cancelOnDisconnect: false,
      cache: true,
      ...delivery,
    },
    lane: 'batch',
    keyId: key?.id ?? null,
    fileName: 'trial.txt',
    nowMs: Date.now(),
  };
  return input as unknown as AttachInput;
}

const submit = (asked: Asked = {}) => acceptWork(runs, producer, inputOf(asked));
const trialOf = (run: Run | null) => run as unknown as TrialRun;
const ended = async ({ id }: Run) => trialOf(await events.waitForEnd(id, AbortSignal.timeout(60_000)));
const copyOf = async ({ id }: { id: string }) => (await blobs.read(blobKey('results', id))).toString();

/** A run ends before BullMQ puts its jobs away; a child that was about to be tried again ends with its next try. */
async function nothingLasts(): Promise<void> {
  let left: string[] = [];
  const look = async () => {
    const keys = await lastingKeys(redis, settings.prefix, TRIAL_CATALOG.queueNames);
    left = keys.filter((key) => !key.startsWith(`${settings.prefix}:sweeps:`));
    return left.length === 0;
  };
  await waitFor(look, { what: 'jobs to be put away' }).catch(() => expect(left).toEqual([]));
}

describe('a kind of run that the kernel does not know', () => {
  it('goes through queue, stages, extras and blob to its end, seen in status and events and told by webhook', async () => {
    const { run, request } = await submit({ delivery: { webhookUrl: receiver.url } });
    expect(await runs.view(request.id)).toMatchObject({ position: 1, run: { stage: 'queued', progress: 0 } });
    expect(await new Backlog(redis, settings).size('characters')).toEqual({ runs: 1, cost: 5 });
    expect(await new Backlog(redis, settings).size()).toEqual({ runs: 0, cost: 0 });
    await addWorker();

    const end = await ended(run);
    expect(end).toMatchObject({
      status: 'completed',
      progress: 100,
      characters: 5,
      lane: 'interactive',
      result: { kind: 'blob', bytes: 15, mediaType: 'text/plain' },
      extras: { 'trial-count': 'completed', 'trial-faulty': 'failed' },
      warnings: [{ code: 'faulty_failed' }],
    });
    expect(await copyOf(run)).toBe('hellohellohello');
    expect(await blobs.read(blobKey('results', run.id), { startByte: 3, endByte: 6 })).toEqual(Buffer.from('loh'));
    expect(await extras.result(run.id, 'trial-count')).toBe('5');
    const stages = (await events.read(run.id)).flatMap(({ event }) => ('stage' in event ? [event.stage] : []));
    expect([...new Set(stages)]).toEqual(['reading', 'copying']);
    expect((await events.read(run.id)).at(-1)?.event).toEqual({ type: 'completed' });

    await waitFor(() => receiver.calls.length > 0, { what: 'the webhook' });
    const view = await runs.view(request.id);
    if (view === null || view === 'expired') throw new Error('the job is gone');
    expect(JSON.parse(receiver.calls[0]?.body ?? '')).toMatchObject({
      type: 'job.completed',
      data: toWireJob(view, ''),
    });
    await nothingLasts();
  });

  it('has an extra made again, and repeats nothing else', async () => {
    const worker = await addWorker();
    const { run } = await submit({});
    const end = await ended(run);
    expect(end.extras['trial-faulty']).toBe('failed');
    const begun = () => worker.output.split(`begun ${run.id}`).length - 1;
    const before = begun();

    const again = await runs.run(run.id);
    if (again === null) throw new Error('the run is gone');
    expect(await producer.askExtra(again, 'trial-faulty', { runId: run.id, fail: false })).toBe('asked');
    await waitFor(async () => trialOf(await runs.run(run.id)).extras['trial-faulty'] === 'completed', {
      what: 'the extra',
    });
    expect(trialOf(await runs.run(run.id)).warnings).toEqual([]);
    expect(await extras.result(run.id, 'trial-faulty')).toBe('"fine"');
    expect(await producer.askExtra(again, 'trial-faulty', { runId: run.id, fail: false })).toBe('no');
    expect(begun()).toBe(before);
    await nothingLasts();
  });

  it('is joined, cancelled, and forgotten like any other', async () => {
    await addWorker(5_000);
    const workKey = randomUUID();
    const first = await submit({ workKey });
    const second = await submit({ workKey });
    expect(second).toMatchObject({ joined: true, run: { id: first.run.id } });
    await waitFor(async () => trialOf(await runs.run(first.run.id)).stage === 'copying', { what: 'it to be copied' });
    expect((await runs.detach(first.request.id)).last).toBe(false);
    expect((await runs.detach(second.request.id)).last).toBe(true);
    expect(await producer.cancel(first.run)).toBe(true);
    expect((await events.read(first.run.id)).at(-1)?.event).toEqual({ type: 'cancelled' });
    for (const { request } of [first, second]) {
      expect((await runs.forget(request.id)).outcome).toBe('run_forgotten');
      expect(await runs.view(request.id)).toBeNull();
    }
    await waitFor(async () => (await producer.counts()).active === 0, { what: 'the worker to stop' });
    await expect(copyOf(first.run)).rejects.toMatchObject({ code: 'blob_missing' });
    await nothingLasts();
  });

  it('survives the SIGKILL of its worker', async () => {
    const killed = await addWorker(400);
    const { run } = await submit({ times: 5, faultyTimes: 0 });
    await waitFor(async () => trialOf(await runs.run(run.id)).progress > 55, { what: 'two copies' });
    await killed.kill9();
    await addWorker();
    expect(await ended(run)).toMatchObject({
      status: 'completed',
      extras: { 'trial-count': 'completed', 'trial-faulty': 'completed' },
      warnings: [],
    });
    expect(await copyOf(run)).toBe('hello'.repeat(5));
    await nothingLasts();
  });

  it('is an item of a batch, which ends with it', async () => {
    const batches = new Batches(redis, settings);
    const batchId = await batches.begin(null, Date.now());
    const submitted = [];
    for (const text of ['one', 'two']) {
      const input = inputOf({ text, delivery: { batchId } });
      await batches.willAttach(batchId, input.requestId);
      submitted.push(await acceptWork(runs, producer, input));
    }
    const items = submitted.map(({ request }) => {
      return { fileName: request.fileName, requestId: request.id, error: null };
    });
    const delivery = { ...inputOf({}).delivery, webhookUrl: receiver.url };
    expect(await batches.accept(batchId, { items, delivery, nowMs: Date.now() })).toBe(true);
    await addWorker();
    await waitFor(() => receiver.calls.length > 0, { what: 'the webhook of the batch', timeoutMs: 20_000 });
    expect(JSON.parse(receiver.calls[0]?.body ?? '')).toMatchObject({
      type: 'batch.completed',
      data: { batch_id: batchId, counts: { total: 2, completed: 2 } },
    });
    expect(receiver.calls).toHaveLength(1);
  });

  it('counts against quotas of its own unit', async () => {
    const apiKeys = new ApiKeys(redis, settings);
    const { key } = await apiKeys.create({
      name: 'a reader',
      userId: null,
      scopes: ['transcribe'],
      limits: { ...NO_KEY_LIMITS, charactersPerDay: 100, audioMinutesPerDay: 1 },
      weight: 1,
      mayRaisePriority: false,
      keep: false,
      webhookUrl: receiver.url,
      expiresAtMs: null,
    });
    await addWorker();
    const { run } = await submit({ text: 'x'.repeat(85), times: 1, faultyTimes: 0, key });
    expect(await ended(run)).toMatchObject({ status: 'completed', characters: 85 });
    await waitFor(() => receiver.calls.length > 0, { what: 'the warning' });
    expect(JSON.parse(receiver.calls[0]?.body ?? '')).toMatchObject({
      type: 'quota.warning',
      data: { key_id: key.id, percent: 80, limit_characters: 100, used_characters: 85 },
    });
    const long = await submit({ text: 'y'.repeat(30), times: 1, faultyTimes: 0, key });
    expect(await ended(long.run)).toMatchObject({ status: 'failed', error: { code: 'quota_exceeded' } });
    const usage = new Usage(redis, settings);
    const quotas = await usage.quotas(key, Date.now());
    expect(quotas).toMatchObject([
      { unit: 'audio_ms', used: 0, reserved: 0 },
      { unit: 'characters', limit: 100, used: 85, reserved: 0 },
    ]);
    const today = new Date().toISOString().slice(0, 10);
    expect(await usage.ofKey(key.id, today, today)).toMatchObject([
      { requests: 2, done: { audio_ms: 0, characters: 85 } },
    ]);
  });

  it('expires after the retention of its kind, and the sweep takes its blob', async () => {
    await addWorker();
    const { run, request } = await submit({ times: 1, faultyTimes: 0 });
    await ended(run);
    expect(await copyOf(run)).toBe('hello');
    const sweeper = new Sweeper(redis, settings);
    expect([...(await sweeper.forgotten([run.id]))]).toEqual([]);
    await waitFor(async () => (await runs.view(request.id)) === 'expired', { what: 'the run to expire' });
    expect([...(await sweeper.forgotten([run.id]))]).toEqual([run.id]);
    const sweep = sweepHandler({
      sweeper,
      blobs,
      ownVoices: { has: async () => false },
      manifests: new Manifests(blobs),
      leftoverAgeMs: 3_600_000,
      keepMs: 0,
      outbox: { wake: () => {} },
      apiKeys: { list: async () => [] },
      pieceCache: { sweep: async () => 0 },
      onEvent: () => {},
    });
    await sweep({}, { signal: new AbortController().signal } as JobContext);
    await sweeper.close();
    expect(await blobs.stat(blobKey('results', run.id))).toBeNull();
    await nothingLasts();
  });
});
