import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { type LiveEvent, type LiveFormat, liveOptionsSchema, NO_KEY_LIMITS } from '@sotto/contracts';
import { type RedisServer, waitFor } from '@sotto/testkit';
import { ApiKeys, type KeyTerms, LiveEvents, type LiveRecording, LiveSessions, Usage } from '../src/index.ts';
import { Bench, startRedis } from './harness.ts';

let server: RedisServer;
let bench: Bench;
let live: LiveSessions;
beforeAll(async () => {
  server = await startRedis();
});
afterAll(() => server.close());
beforeEach(async () => {
  bench = await Bench.open(server);
  live = new LiveSessions(bench.redis, bench.settings);
});
afterEach(() => bench.close());

const MODEL = 'tiny.en';
const OPTIONS = liveOptionsSchema.parse({ language: 'en', model: null, prompt: null, endpointing: {} });
const FORMAT: LiveFormat = { encoding: 'pcm_s16le', sampleRate: 16_000 };
const LIMITS = {
  maxSessions: 10,
  maxOfModel: 10,
  maxStored: 10,
  maxOfKey: null as number | null,
  held: { openUploads: null, heldBytes: null },
};

async function open(
  keyId: string | null = null,
  limits = LIMITS,
  model: string | null = null,
  recording: LiveRecording | null = null,
) {
  const session = {
    id: randomUUID(),
    keyId,
    format: FORMAT,
    options: { ...OPTIONS, model },
    recording,
    holder: 'h',
  };
  await live.open(session, limits);
  return session;
}

/** Every sample is its own number. */
function pcm(at: number, samples: number): Buffer {
  const bytes = Buffer.alloc(2 * samples);
  for (let index = 0; index < samples; index += 1) bytes.writeInt16LE((at + index) % 30_000, 2 * index);
  return bytes;
}

const claim = (owner: string, limit: number, models = [MODEL]) => live.claim(owner, { limit, models });
const append = (session: Session, at: number, samples: number) => live.append(session, at, pcm(at, samples));
type Session = Awaited<ReturnType<typeof open>>;

const heard = (fromMs: number) => ({
  checkpoint: {
    state: { fromMs, open: null, ended: [], utterances: 0, final: [], text: '', listening: null, mark: null },
    fromSample: fromMs * 16,
    keepFrom: fromMs * 16,
  },
  heardMs: fromMs,
  turn: null,
});
const NEW_KEY: KeyTerms = {
  name: 'k',
  userId: null,
  scopes: ['transcribe'],
  limits: NO_KEY_LIMITS,
  weight: 1,
  mayRaisePriority: false,
  keep: false,
  webhookUrl: null,
  expiresAtMs: null,
};
const today = () => new Date().toISOString().slice(0, 10);
const started: LiveEvent = { type: 'speech_started', utterance: 0, atMs: 0 };
const ENDED = { type: 'ended', by: 'client', heardMs: 0 } as const;

/** Of audio entries: the first sample of each and how many there are; marks as they are. */
const inputs = async (reader: ReturnType<LiveSessions['audio']>) =>
  (await reader.next()).map((input) =>
    input.type === 'audio' ? [input.at, input.bytes.readInt16LE(0), input.bytes.length / 2] : [input.at, input.mark],
  );

describe('live sessions', () => {
  it('take audio in order, and once, however often it is sent', async () => {
    const session = await open();
    expect(await append(session, 0, 1_600)).toEqual({ answer: 'appended', received: 1_600 });
    expect(await append(session, 0, 1_600)).toEqual({ answer: 'appended', received: 1_600 });
    expect(await append(session, 800, 1_600)).toEqual({ answer: 'appended', received: 2_400 });
    expect(await append(session, 3_000, 100)).toEqual({ answer: 'gap', received: 2_400 });
    expect(await inputs(live.audio(session.id, 0))).toEqual([
      [0, 0, 1_600],
      [1_600, 1_600, 800],
    ]);
    const later = live.audio(session.id, 1_700);
    expect(await inputs(later)).toEqual([[1_600, 1_600, 800]]);
    expect(await inputs(later)).toEqual([]);
    await append(session, 2_400, 10);
    expect(await inputs(later)).toEqual([[2_400, 2_400, 10]]);
  });

  it('keep what is said between two samples where it was said', async () => {
    const session = await open();
    await append(session, 0, 100);
    expect(await live.mark(session, 'commit')).toBe('marked');
    expect(await live.mark(session, 'clear')).toBe('marked');
    await append(session, 100, 100);
    const all = [
      [0, 0, 100],
      [100, 'commit'],
      [100, 'clear'],
      [100, 100, 100],
    ];
    expect(await inputs(live.audio(session.id, 0))).toEqual(all);
    expect(await inputs(live.audio(session.id, 99))).toEqual(all);
    await live.close(session.id, 'client');
    expect(await live.mark(session, 'commit')).toBe('gone');
    expect(await live.change(session, OPTIONS)).toBe('gone');
  });

  it('belong to one connection at a time, and to their key', async () => {
    const session = await open('k');
    expect(await live.take(session.id, 'other', 'h2')).toBeNull();
    expect(await live.take(randomUUID(), 'k', 'h2')).toBeNull();
    await append(session, 0, 10);
    expect(await live.take(session.id, 'k', 'h2')).toMatchObject({ received: 10 });
    expect(await append(session, 10, 10)).toEqual({ answer: 'taken' });
    expect(await live.mark(session, 'commit')).toBe('taken');
    expect(await live.change(session, null)).toBe('taken');
    expect(await append({ ...session, holder: 'h2' }, 10, 10)).toMatchObject({ received: 20 });
  });

  it('take no more than a minute that nobody has heard', async () => {
    const session = await open();
    await claim('a', 1);
    const minute = 60 * 16_000;
    expect(await append(session, 0, minute + 1)).toMatchObject({ answer: 'appended' });
    expect(await append(session, minute + 1, 16)).toEqual({ answer: 'full', received: minute + 1 });
    await live.tell(session, 'a', { events: [], ...heard(1_000) });
    expect(await append(session, minute + 1, 16)).toMatchObject({ answer: 'appended' });
  });

  it('are heard by one at a time, and by another when its lease is over', async () => {
    const session = await open('k');
    const { id } = session;
    expect((await claim('a', 5)).map((claimed) => claimed.id)).toEqual([id]);
    expect(await claim('b', 5)).toEqual([]);
    await append(session, 0, 32);
    await live.change(session, { ...OPTIONS, language: 'de' });
    const news = await live.tell(session, 'a', { events: [started], ...heard(0) });
    expect(news).toMatchObject({ revision: 1, closedBy: null, received: 32 });
    await waitFor(async () => (await claim('b', 5)).length === 1, { what: 'the lease to be over' });
    expect(await live.tell(session, 'a', { events: [started], ...heard(1) })).toBeNull();
    expect(await live.find(id)).toMatchObject({ checkpoint: heard(0).checkpoint.state, options: { language: 'de' } });
    expect(await bench.redis.xlen(`${bench.settings.prefix}:live:${id}:events`)).toBe(1);
  });

  it('are heard only by those who have their model', async () => {
    const others = await Promise.all([open(null, LIMITS, 'base'), open(null, LIMITS, 'base')]);
    const any = await open();
    const own = await open(null, LIMITS, MODEL);
    const claimed = await claim('a', 2);
    expect(claimed.map(({ id }) => id).sort()).toEqual([any.id, own.id].sort());
    expect(await claim('a', 2)).toEqual([]);
    expect((await claim('b', 2, ['base', MODEL])).map(({ id }) => id).sort()).toEqual(
      others.map(({ id }) => id).sort(),
    );
    expect(claimed.map(({ claims }) => claims)).toEqual([1, 1]);
  });

  it('whose model nobody has any more are taken by anybody after a minute, to be ended', async () => {
    const { id } = await open(null, LIMITS, 'base');
    const record = `${bench.settings.prefix}:live:${id}`;
    expect(await claim('a', 1)).toEqual([]);
    expect(await claim('a', 1)).toEqual([]);
    // As if the first look had been then.
    expect(await bench.redis.hincrby(record, 'missedSinceMs', -59_000)).toBeGreaterThan(0);
    expect(await claim('a', 1)).toEqual([]);
    await bench.redis.hincrby(record, 'missedSinceMs', -2_000);
    expect(await claim('a', 1)).toMatchObject([{ id }]);
    expect(await bench.redis.hexists(record, 'missedSinceMs')).toBe(0);
  });

  it('are refused where those who have their model hear enough', async () => {
    const limits = { ...LIMITS, maxOfModel: 1 };
    await open(null, limits, 'base');
    await expect(open(null, limits, 'base')).rejects.toMatchObject({ code: 'live_full' });
    await open(null, limits, MODEL);
    await open(null, limits);
    await open(null, limits);
  });

  it('are told everything once, although it was sent again because its answer was lost', async () => {
    const session = await open();
    await claim('a', 1);
    for (const turn of [1, 1, 2])
      expect(await live.tell(session, 'a', { ...heard(0), turn, events: [started] })).not.toBeNull();
    expect(await bench.redis.xlen(`${bench.settings.prefix}:live:${session.id}:events`)).toBe(2);
    expect(await live.find(session.id)).toMatchObject({ turn: 2 });
  });

  it('are given back at once by whoever cannot hear them', async () => {
    const session = await open();
    await claim('a', 5);
    await live.release(session, 'b');
    expect(await claim('b', 5)).toEqual([]);
    await live.release(session, 'a');
    expect(await claim('b', 5)).toHaveLength(1);
  });

  it('keep only the audio that is still needed', async () => {
    const session = await open();
    await claim('a', 1);
    for (let at = 0; at < 16_000; at += 1_600) await append(session, at, 1_600);
    await live.tell(session, 'a', { events: [], ...heard(550) });
    expect(await bench.redis.xlen(`${bench.settings.prefix}:live:${session.id}:audio`)).toBe(5);
    expect(await inputs(live.audio(session.id, 550 * 16))).toHaveLength(5);
  });

  it('are refused where there are enough, and by key; the end makes room', async () => {
    const limits = { ...LIMITS, maxSessions: 2, maxOfKey: 1 };
    const first = await open('a', limits);
    await expect(open('a', limits)).rejects.toMatchObject({ code: 'key_full' });
    await open('b', limits);
    await expect(open('c', limits)).rejects.toMatchObject({ code: 'live_full' });
    await claim('w', 2);
    expect(await live.close(first.id, 'client')).toBe(true);
    expect(await append(first, 0, 10)).toEqual({ answer: 'gone' });
    await live.tell(first, 'w', { turn: 9, events: [], checkpoint: null, heardMs: 0, ended: ENDED });
    await open('a', limits);
    expect(await live.find(first.id)).toMatchObject({ isOver: true, closedBy: 'client' });
    expect(await live.close(randomUUID(), 'client')).toBe(false);
    expect(await bench.lasting()).toEqual([]);
  });

  it('count what is heard as used, and end with the quota of their key', async () => {
    const keys = new ApiKeys(bench.redis, bench.settings);
    const { key } = await keys.create({ ...NEW_KEY, limits: { ...NO_KEY_LIMITS, audioMinutesPerDay: 1 } });
    const session = await open(key.id);
    await claim('w', 1);
    expect(await live.tell(session, 'w', { events: [], ...heard(50_000) })).toMatchObject({ closedBy: null });
    expect(await live.tell(session, 'w', { events: [], ...heard(60_000) })).toMatchObject({ closedBy: 'quota' });
    await expect(open(key.id)).rejects.toMatchObject({ code: 'quota_exceeded' });
    const [day] = await new Usage(bench.redis, bench.settings).ofKey(key.id, today(), today());
    expect(day).toMatchObject({ requests: 1, done: { audio_ms: 60_000 } });
  });

  it('tell what was heard to whoever follows, from any event on, until the last one', async () => {
    const session = await open();
    await claim('w', 1);
    const events = new LiveEvents(bench.redis, bench.subscriber, bench.settings);
    const { signal } = new AbortController();
    const told = async (afterId: string | null) => {
      const all = [];
      for await (const { id, event } of events.follow(session.id, afterId, signal)) all.push({ id, type: event.type });
      return all;
    };
    const following = told(null);
    await live.tell(session, 'w', { events: [started], ...heard(0) });
    await live.tell(session, 'w', { turn: 9, events: [], checkpoint: null, heardMs: 0, ended: ENDED });
    const all = await following;
    expect(all.map(({ type }) => type)).toEqual(['speech_started', 'ended']);
    expect(await told(all[0]?.id ?? null)).toEqual(all.slice(1));
    expect(await told(null)).toEqual(all);
  });
});
