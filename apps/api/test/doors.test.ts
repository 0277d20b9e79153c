/** What no client should do, at every door of live sessions. */
import { readdir } from 'node:fs/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { type ApiProcess, freePort, type Service, startService, waitFor } from '@sotto/testkit';
import { WebSocket } from 'ws';
import { deepgramErrorSchema } from '../src/deepgram/errors.ts';
import { openAiErrorSchema } from '../src/openai/errors.ts';
import { handshakeRefusal } from './support/door.ts';
import { type Door, type DoorClient, doorsOf, wyomingEvent } from './support/doors.ts';
import { LiveSocket } from './support/live.ts';

jest.setTimeout(120_000);

const SECOND = Buffer.alloc(32_000);
const SILENCE_SECONDS = 150;
/** A minute may wait to be heard, and what comes in one piece is not divided. */
const MOST_STORED_BYTES = 1.1 * 62 * SECOND.length;
const CONNECTS = 250;
const PER_MINUTE = 20;
/** A process may open some for itself when it first serves somebody. */
const FEW = 5;
/** Answered with as much. */
const PING = Buffer.concat(Array.from({ length: 20 }, () => wyomingEvent('ping', { text: 'x'.repeat(15_000) })));

let service: Service;
let doors: ReturnType<typeof doorsOf>;
const clients = new Set<DoorClient>();

beforeAll(async () => {
  const wyomingPort = await freePort();
  service = await startService({
    env: { LIVE_SESSIONS: '8' },
    apiEnv: { WYOMING_PORT: String(wyomingPort) },
  });
  doors = doorsOf(service.url, wyomingPort);
});

afterEach(async () => {
  for (const client of clients) client.leave();
  clients.clear();
});

afterAll(() => service?.close({ leftovers: true }));

async function enter({ connect, hello }: Door): Promise<DoorClient> {
  const client = await connect();
  clients.add(client);
  for (const message of hello) client.send(message);
  return client;
}

/** The most that Redis holds of any session's audio. */
async function storedBytes(): Promise<number> {
  const client = service.redis.client();
  const keys = await client.keys(`${service.prefix}:live:*:audio`);
  const sizes = await Promise.all(keys.map((key) => client.memory('USAGE', key, 'SAMPLES', '0')));
  return Math.max(0, ...sizes.map(Number));
}

/** Of a handshake; whoever is let in leaves at once. */
async function statusOf(url: string): Promise<number> {
  const socket = new WebSocket(url.replace('http', 'ws'));
  socket.on('error', () => {});
  return new Promise((resolve) => {
    socket.once('open', () => {
      socket.terminate();
      resolve(101);
    });
    socket.once('unexpected-response', (_, response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    });
  });
}

/** As a worker tells a long text. */
async function tellOf(sessionId: string): Promise<void> {
  const words = Array.from({ length: 1_000 }, (_, at) => ({
    word: ' word',
    startMs: at,
    endMs: at + 1,
    confidence: 1,
  }));
  const event = { type: 'final', utterance: 0, words, language: 'en', isLast: false, lagMs: 0 };
  const stem = `${service.prefix}:live:${sessionId}`;
  const client = service.redis.client();
  await client.xadd(`${stem}:events`, '*', 'e', JSON.stringify(event));
  await client.publish(`${stem}:notify`, '');
}

const descriptors = async ({ process }: ApiProcess): Promise<number> =>
  (await readdir(`/proc/${process.pid}/fd`)).length;

describe('all doors', () => {
  it('take silence as fast as it is heard, however fast it comes, and invent no text of it', async () => {
    const silent = await Promise.all(
      Object.values(doors).map(async (door) => {
        const client = await enter(door);
        for (let second = 0; second < SILENCE_SECONDS; second += 1) client.send(door.audio(SECOND));
        client.send(door.finish);
        return { client, door };
      }),
    );
    let most = 0;
    const isOver = async () => {
      most = Math.max(most, await storedBytes());
      return silent.every(({ client, door }) => client.told.some(({ type }) => type === door.finished));
    };
    await waitFor(isOver, { what: 'all to be heard', timeoutMs: 90_000, intervalMs: 100 });
    expect(most).toBeGreaterThan(SECOND.length);
    expect(most).toBeLessThan(MOST_STORED_BYTES);
    for (const { client, door } of silent)
      expect([door.name, client.told.map(door.textIn).join('').trim()]).toEqual([door.name, '']);
  });

  it('close on a client that never reads, whose session waits where it can be gone on with', async () => {
    const own = await LiveSocket.open(service.url, { type: 'start' });
    const { session_id: sessionId } = await own.first('session');
    own.socket.send(SECOND);
    own.socket.pause();
    const wyoming = await enter(doors.wyoming);
    wyoming.stopReading();
    const isOver = async () => {
      // They learn of it when they send something.
      own.socket.send(SECOND.subarray(0, 2), () => {});
      await tellOf(sessionId);
      if (wyoming.waitingBytes === 0) wyoming.send(PING);
      return own.socket.readyState === WebSocket.CLOSED && wyoming.isClosed;
    };
    await waitFor(isOver, { what: 'both to be closed', timeoutMs: 60_000, intervalMs: 20 });
    const stored = `${service.prefix}:live:${sessionId}:events`;
    const [newest] = await service.redis.client().xrevrange(stored, '+', '-', 'COUNT', 1);
    const again = await LiveSocket.open(service.url, {
      type: 'resume',
      session_id: sessionId,
      last_event_id: newest?.[0],
    });
    again.say({ type: 'end' });
    expect(await again.closed).toMatchObject({ code: 1000 });
    expect(again.of('ended')).toMatchObject([{ reason: 'client', heard: expect.closeTo(1, 0) }]);
  });

  it('that a page can knock at refuse pages of other sites, each in its own words', async () => {
    const elsewhere = { Origin: 'https://elsewhere.example' };
    const [own, openAi, deepgram] = await Promise.all(
      PATHS.map((path) => handshakeRefusal(`${service.url}${path}`, elsewhere)),
    );
    expect([own, openAi, deepgram].map((refusal) => refusal?.status)).toEqual([403, 403, 403]);
    expect(own?.json).toMatchObject({ error: 'origin_not_allowed' });
    expect(openAiErrorSchema.parse(openAi?.json).error.code).toBe('origin_not_allowed');
    expect(deepgramErrorSchema.parse(deepgram?.json).err_code).toBe('origin_not_allowed');
  });

  it('let a crowd in no faster than the rate limit, and keep nothing of it', async () => {
    const wyomingPort = await freePort();
    const limits = { ENABLE_RATE_LIMIT: 'true', RATE_LIMIT_PER_MINUTE: String(PER_MINUTE) };
    const api = await service.addApi({ ...limits, WYOMING_PORT: String(wyomingPort) });
    const before = await descriptors(api);
    const addresses = Array.from({ length: CONNECTS }, (_, index) => `${api.url}${PATHS[index % PATHS.length]}`);
    const statuses = await Promise.all(addresses.map(statusOf));
    expect(statuses.filter((status) => status === 101)).toHaveLength(PER_MINUTE);
    expect(statuses.filter((status) => status === 429)).toHaveLength(CONNECTS - PER_MINUTE);
    const { wyoming } = doorsOf(api.url, wyomingPort);
    const tcp = await Promise.all(addresses.map(wyoming.connect));
    for (const client of tcp) client.leave();
    await waitFor(async () => (await descriptors(api)) < before + FEW, {
      what: 'all connections to be gone',
      timeoutMs: 20_000,
    });
    await api.process.stop();
  });
});

/** Of WebSocket doors. */
const PATHS = ['/live', '/v1/realtime', '/v1/listen?encoding=linear16&sample_rate=16000'];
