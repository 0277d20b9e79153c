import { randomUUID } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, it } from '@jest/globals';
import { DEFAULT_RUN_OPTIONS, type LiveFormat, liveOptionsSchema } from '@sotto/contracts';
import {
  type ClaimedSession,
  connectRedis,
  disconnect,
  type LiveRecording,
  LiveSessions,
  Outbox,
  ResumableUploads,
} from '@sotto/queue';
import { FileBlobStore } from '@sotto/storage';
import { type RedisServer, startRedis, temporaryFolder, waitFor } from '@sotto/testkit';
import type { Redis } from 'ioredis';
import { LiveWorker } from '../src/live/live-worker.ts';
import { SessionRecorder } from '../src/live/session-recorder.ts';
import { DELIVERY } from './fleet.ts';

const FORMAT: LiveFormat = { encoding: 'pcm_s16le', sampleRate: 16_000 };
const OPTIONS = liveOptionsSchema.parse({ language: 'en', model: null, prompt: null, endpointing: {} });
const RECORDING: LiveRecording = {
  options: DEFAULT_RUN_OPTIONS,
  delivery: DELIVERY,
  lane: 'batch',
  modelDigest: null,
  fileName: 'Live.wav',
  account: 'local',
  maxMs: 3_600_000,
  maxHeldBytes: null,
  keepMs: 86_400_000,
};
const HELD = { openUploads: null, heldBytes: null };
const { signal } = new AbortController();

let server: RedisServer;
let redis: Redis;
let folder: string;
let blobs: FileBlobStore;
let prefix: string;
let sessions: LiveSessions;
let uploads: ResumableUploads;
let outbox: Outbox;

beforeAll(async () => {
  [server, folder] = await Promise.all([startRedis(), temporaryFolder('recorder')]);
  redis = connectRedis(server.url, 'worker');
  blobs = new FileBlobStore(join(folder, 'blobs'));
});

afterAll(async () => {
  await disconnect(redis);
  await server.close();
  await rm(folder, { recursive: true, force: true });
});

beforeEach(() => {
  prefix = `test-${randomUUID()}`;
  const settings = { prefix, resultTtlSeconds: 60 };
  sessions = new LiveSessions(redis, settings);
  uploads = new ResumableUploads(redis, settings);
  outbox = new Outbox(redis, settings);
});

/** Every sample is its own number. */
const numbers = (ms: number): Int16Array => Int16Array.from({ length: ms * 16 }, (_, index) => index % 30_000);

async function opened(): Promise<ClaimedSession & { recording: LiveRecording }> {
  const session = { id: randomUUID(), keyId: null, format: FORMAT, options: OPTIONS, recording: RECORDING };
  const limits = { maxSessions: 9, maxOfModel: 9, maxStored: 9, maxOfKey: null, held: HELD };
  await sessions.open({ ...session, holder: 'h' }, limits);
  const found = await sessions.find(session.id);
  if (found === null) throw new Error('unreachable');
  return { ...found, recording: RECORDING, storedBytes: 0 };
}

const recorderOf = (session: ClaimedSession, errors: unknown[] = []) =>
  new SessionRecorder({ ...session, recording: RECORDING }, signal, {
    uploads,
    blobs,
    onError: (error) => void errors.push(error),
  });

/** Samples that are stored. */
async function stored(id: string): Promise<Int16Array> {
  const parts = await Promise.all((await uploads.parts(id)).map(({ blobKey }) => blobs.read(blobKey)));
  const bytes = Buffer.concat(parts);
  return new Int16Array(bytes.buffer, bytes.byteOffset, bytes.length / 2);
}

it('stores every sample once, whoever hears them, and from wherever', async () => {
  const session = await opened();
  const all = numbers(45_000);
  const [first, second] = [recorderOf(session), recorderOf(session)];
  for (let at = 0; at < 20_000; at += 100) {
    first.push(at, all.subarray(at * 16, (at + 100) * 16));
    second.push(at, all.subarray(at * 16, (at + 100) * 16));
  }
  await Promise.all([first.finish(), second.finish()]);
  expect([first.storedMs, second.storedMs]).toEqual([20_000, 20_000]);
  // The first one is gone; what was heard comes again.
  second.push(15_000, all.subarray(15_000 * 16));
  await second.finish();
  expect(second.storedMs).toBe(45_000);
  expect(await stored(session.id)).toEqual(all);
});

it('says so when Redis has lost what was stored last', async () => {
  const session = await opened();
  const recorder = recorderOf(session);
  recorder.push(0, numbers(20_000));
  await recorder.finish();
  await redis.hset(`${prefix}:upload:${session.id}`, 'offset', 320_000);
  recorder.push(20_000, numbers(1_000));
  await expect(recorder.finish()).rejects.toThrow('lost');
});

it('goes on when its key holds enough, and says that the session must end', async () => {
  const session = await opened();
  const recording = { ...RECORDING, maxHeldBytes: 400_000 };
  const recorder = new SessionRecorder({ ...session, recording }, signal, { uploads, blobs, onError: () => {} });
  recorder.push(0, numbers(10_000));
  await recorder.finish();
  expect(recorder.limit).toBeNull();
  recorder.push(10_000, numbers(10_000));
  await recorder.finish();
  expect(recorder.limit).toBe('quota');
  expect(recorder.storedMs).toBe(20_000);
});

it('stores what is left of a session that nobody can hear', async () => {
  const session = await opened();
  const all = numbers(12_000);
  await sessions.append({ ...session, holder: 'h' }, 0, Buffer.from(all.buffer));
  // As if it had been begun so often in vain.
  await redis.hset(`${prefix}:live:${session.id}`, 'claims', 9);
  const errors: unknown[] = [];
  const worker = new LiveWorker({
    sessions,
    owner: 'w',
    capacity: () => 1,
    models: () => [],
    idleMs: () => 60_000,
    maxMs: () => 60_000,
    ears: () => {
      throw new Error('nobody is to listen');
    },
    recorder: (claimed) => recorderOf(claimed, errors),
    onText: () => {},
    onHeard: () => {},
    onEnd: () => {},
    onError: (error) => void errors.push(error),
  });
  worker.open();
  const event = await waitFor(async () => (await outbox.take('recordings', 1))[0] ?? false, { what: 'its end' });
  await worker.close();
  expect(event).toEqual({ type: 'live_recorded', sessionId: session.id });
  expect(await sessions.find(session.id)).toMatchObject({ ended: { by: 'failed', jobId: session.id } });
  expect(await stored(session.id)).toEqual(all);
  expect(errors).toEqual([]);
});
