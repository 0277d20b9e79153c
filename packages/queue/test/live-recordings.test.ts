import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { DEFAULT_RUN_OPTIONS, type LiveFormat, liveOptionsSchema, NO_KEY_LIMITS } from '@sotto/contracts';
import type { RedisServer } from '@sotto/testkit';
import { ApiKeys, type LiveRecording, LiveSessions, Outbox, ResumableUploads, Usage } from '../src/index.ts';
import { attachInput, Bench, planOf, startRedis, transcriptOf } from './harness.ts';

let server: RedisServer;
let bench: Bench;
let live: LiveSessions;
let uploads: ResumableUploads;
let outbox: Outbox;
beforeAll(async () => {
  server = await startRedis();
});
afterAll(() => server.close());
beforeEach(async () => {
  bench = await Bench.open(server);
  live = new LiveSessions(bench.redis, bench.settings);
  uploads = new ResumableUploads(bench.redis, bench.settings);
  outbox = new Outbox(bench.redis, bench.settings);
});
afterEach(() => bench.close());

const KEEP_MS = 86_400_000;
const FORMAT: LiveFormat = { encoding: 'pcm_s16le', sampleRate: 16_000 };
const OPTIONS = liveOptionsSchema.parse({ language: 'en', model: null, prompt: null, endpointing: {} });
const RECORDING: LiveRecording = {
  options: DEFAULT_RUN_OPTIONS,
  delivery: attachInput().delivery,
  lane: 'batch',
  modelDigest: null,
  fileName: 'Live.wav',
  account: 'local',
  maxMs: 3_600_000,
  maxHeldBytes: null,
  keepMs: KEEP_MS,
};
const LIMITS = { maxSessions: 10, maxOfModel: 10, maxStored: 10, maxOfKey: null };
const HELD = { openUploads: null as number | null, heldBytes: null as number | null };
const SECOND = 16_000;

async function open({ isStored = true, keyId = null as string | null, held = HELD, maxStored = 10 } = {}) {
  const session = {
    id: randomUUID(),
    keyId,
    format: FORMAT,
    options: OPTIONS,
    recording: isStored ? RECORDING : null,
    holder: 'h',
  };
  await live.open(session, { ...LIMITS, held, maxStored });
  return session;
}
type Session = Awaited<ReturnType<typeof open>>;

const claim = (owner: string) => live.claim(owner, { limit: 5, models: [] });
const append = (session: Session, at: number, samples: number) => live.append(session, at, Buffer.alloc(2 * samples));

const heard = (fromMs: number, storedMs: number) => ({
  turn: null,
  events: [],
  checkpoint: {
    state: { fromMs, open: null, ended: [], utterances: 0, final: [], text: '', listening: null, mark: null },
    fromSample: fromMs * 16,
    keepFrom: Math.min(fromMs, storedMs) * 16,
  },
  heardMs: fromMs,
});

async function store(session: Session, offset: number, bytes: number) {
  const part = { blobKey: `uploads/00/${randomUUID()}`, bytes };
  return uploads.append(session, offset, part, KEEP_MS, { heldBytes: null });
}

const end = (session: Session, jobId?: string) =>
  live.tell(session, 'w', {
    turn: 9,
    events: [],
    checkpoint: null,
    heardMs: 0,
    ended: { type: 'ended', by: 'client', heardMs: 0, ...(jobId && { jobId }) },
  });

const events = (id: string) => bench.redis.xlen(`${bench.settings.prefix}:live:${id}:events`);

describe('live sessions that are stored', () => {
  it('are an upload that their client does not see, and nothing to workers that cannot store them', async () => {
    const { id } = await open();
    await open({ isStored: false });
    expect(await bench.redis.zrange(`${bench.settings.prefix}:live-leases`, '0', '-1')).not.toContain(id);
    expect(await live.count()).toBe(2);
    expect(await uploads.find(id)).toMatchObject({ offset: 0, totalBytes: null });
    expect(await uploads.find(id, null)).toBeNull();
    expect(await claim('w')).toHaveLength(2);
    expect(await bench.lasting()).toEqual([]);
  });

  it('are refused where all that can be stored are, or their key holds enough', async () => {
    await open({ maxStored: 1 });
    await expect(open({ maxStored: 1 })).rejects.toMatchObject({ code: 'live_full' });
    await open({ isStored: false });
    const held = { ...HELD, openUploads: 1 };
    await open({ keyId: 'k', held });
    await expect(open({ keyId: 'k', held })).rejects.toMatchObject({ code: 'key_full' });
    expect(await live.count()).toBe(3);
  });

  it('keep audio that was heard until it is stored, and take no more than five minutes of it', async () => {
    const session = await open();
    await claim('w');
    const chunk = 30 * SECOND;
    for (let at = 0; at < 300 * SECOND; at += chunk) {
      expect(await append(session, at, chunk)).toMatchObject({ answer: 'appended' });
      await live.tell(session, 'w', heard((at + chunk) / 16, 20_000));
    }
    const full = { answer: 'full', received: 320 * SECOND };
    expect(await append(session, 300 * SECOND, 20 * SECOND)).toMatchObject({ answer: 'appended' });
    await live.tell(session, 'w', heard(320_000, 20_000));
    expect(await append(session, 320 * SECOND, 16)).toMatchObject({ answer: 'appended' });
    expect(await append(session, 320 * SECOND + 16, 16)).toEqual({ ...full, received: 320 * SECOND + 16 });
    const [first] = await live.audio(session.id, 20 * SECOND).next();
    expect(first).toMatchObject({ at: 0 });
    await live.tell(session, 'w', heard(320_000, 320_000));
    expect(await append(session, 320 * SECOND + 16, 16)).toMatchObject({ answer: 'appended' });
  });

  it('go on elsewhere from what is stored', async () => {
    const session = await open();
    await store(session, 0, 320_000);
    expect(await store(session, 0, 160_000)).toBe('conflict');
    expect(await claim('w')).toMatchObject([{ id: session.id, storedBytes: 320_000, recording: RECORDING }]);
  });

  it('that have no audio leave nothing behind', async () => {
    const session = await open();
    await claim('w');
    await end(session);
    expect(await live.find(session.id)).toMatchObject({ isOver: true, ended: null });
    expect(await events(session.id)).toBe(1);
    expect(await outbox.take('recordings', 5)).toEqual([]);
    expect(await bench.redis.keys(`${bench.settings.prefix}:upload*`)).toEqual([]);
    expect(await live.count()).toBe(0);
  });

  it('tell their end when their job is there, once', async () => {
    const session = await open();
    await claim('w');
    await store(session, 0, 320_000);
    await end(session, session.id);
    const ended = { type: 'ended', by: 'client', heardMs: 0, jobId: session.id } as const;
    expect(await live.find(session.id)).toMatchObject({ isOver: false, ended });
    expect(await events(session.id)).toBe(0);
    expect(await live.count()).toBe(0);
    const event = { type: 'live_recorded', sessionId: session.id } as const;
    expect(await outbox.take('recordings', 5)).toEqual([event]);
    await outbox.drop('recordings', event);
    await live.finish(session.id, ended);
    await live.finish(session.id, ended);
    expect(await events(session.id)).toBe(1);
    expect(await live.find(session.id)).toMatchObject({ isOver: true });
    expect(await bench.lasting()).toEqual([]);
  });

  it('are charged once: their job costs nothing, and no limit refuses it', async () => {
    const keys = new ApiKeys(bench.redis, bench.settings);
    const { key } = await keys.create({
      name: 'k',
      userId: null,
      scopes: ['transcribe'],
      limits: { ...NO_KEY_LIMITS, audioMinutesPerDay: 1, concurrentJobs: 1, heldBytes: 1_000 },
      weight: 1,
      mayRaisePriority: false,
      keep: false,
      webhookUrl: null,
      expiresAtMs: null,
    });
    const session = await open({ keyId: key.id });
    await claim('w');
    expect(await live.tell(session, 'w', heard(60_000, 0))).toMatchObject({ closedBy: 'quota' });
    const attach = (isPaid: boolean) =>
      bench.runs.attach(attachInput({ keyId: key.id, requestId: randomUUID(), ...(isPaid && { isPaid }) }));
    await expect(attach(false)).rejects.toMatchObject({ code: 'quota_exceeded' });
    const { run } = await attach(true);
    await bench.windows.planned(run, planOf(1));
    await bench.runs.complete(run, transcriptOf('a'));
    const today = new Date().toISOString().slice(0, 10);
    const [day] = await new Usage(bench.redis, bench.settings).ofKey(key.id, today, today);
    expect(day).toMatchObject({ requests: 1, done: { audio_ms: 60_000 } });
  });
});
