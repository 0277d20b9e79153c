import { once } from 'node:events';
import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { connectRedis, disconnect, LiveSessions } from '@sotto/queue';
import { comparableWords, differencesFrom, ffmpeg, type Service, startService, waitFor } from '@sotto/testkit';
import { WebSocket } from 'ws';
import { LiveSocket } from './support/live.ts';
import { sampleOf, scrape } from './support/metrics.ts';
import { recording, type SpokenRecording } from './support/recordings.ts';
import { send } from './support/replies.ts';

jest.setTimeout(120_000);

const KEYS = { ENABLE_API_KEY: 'true', API_KEY: 'the-first-key', ADMIN_API_KEY: 'the-admin-key' };
const FIRST = { 'X-API-Key': KEYS.API_KEY };
const START = { type: 'start', language: 'en' };

let service: Service;
let spoken: SpokenRecording;
/** What is told of it when nothing happens. */
const undisturbed: string[] = [];

beforeAll(async () => {
  [service, spoken] = await Promise.all([
    startService({
      roles: [['transcribe']],
      apiEnv: { ...KEYS, LIVE_SESSIONS_PER_KEY: '3' },
      workerEnv: { LIVE_SESSIONS: '4', LIVE_IDLE: '3' },
    }),
    recording(701, 2, 900),
  ]);
});

afterAll(() => service?.close());

const open = (opening: unknown = START, url = service.url, headers: Record<string, string> = FIRST) =>
  LiveSocket.open(url, opening, headers);

/** Whole milliseconds. */
const heardSeconds = (): number => Math.floor(spoken.durationMs) / 1_000;

/** The HTTP answer to a handshake that is refused. */
async function refused(headers: Record<string, string>, url = service.url) {
  const socket = new WebSocket(`${url.replace('http', 'ws')}/live`, { headers });
  const [, response] = await once(socket, 'unexpected-response');
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk as Buffer);
  const { error } = JSON.parse(String(Buffer.concat(chunks))) as { error: string };
  return { status: response.statusCode, error };
}

describe('WS /live', () => {
  it('tells what is said while it is said, and what it has stored', async () => {
    const live = await open();
    await live.speak(spoken.pcm);
    live.say({ type: 'end' });
    expect(await live.closed).toEqual({ code: 1000, reason: 'ended' });
    expect(live.heard[0]).toMatchObject({ type: 'session', received_samples: 0 });
    expect(live.of('speech_started').map(({ utterance }) => utterance)).toEqual([0, 1]);
    expect(live.of('partial').length).toBeGreaterThan(2);
    expect(live.of('acknowledged').at(-1)?.received_samples).toBeGreaterThan(32_000);
    expect(live.of('ended')).toMatchObject([{ reason: 'client', heard: heardSeconds() }]);
    expect(sharedWords(live.finalText)).toBeGreaterThanOrEqual(6);
    const [word] = live.of('final').flatMap(({ words }) => words);
    expect(word).toMatchObject({ start: expect.any(Number), confidence: expect.any(Number) });
    undisturbed.push(live.finalText);
  });

  it('says what it has stored, also when nothing follows', async () => {
    const live = await open();
    await live.first('session');
    live.socket.send(Buffer.alloc(3_200));
    expect(await live.first('acknowledged')).toMatchObject({ received_samples: 1_600 });
    live.say({ type: 'end' });
    expect(await live.closed).toMatchObject({ code: 1000 });
  });

  it.each(['webm', 'ogg'])('hears what a browser records, Opus in %s', async (container) => {
    const wav = join(service.folder, 'spoken.wav');
    await writeFile(wav, spoken.wav);
    const file = `${wav}.${container}`;
    await ffmpeg('-i', wav, '-c:a', 'libopus', '-b:a', '32k', '-f', container, file);
    const bytes = await readFile(file);
    const live = await open({ ...START, format: { encoding: 'opus' } });
    await live.first('session');
    for (let at = 0; at < bytes.length; at += 700) live.socket.send(bytes.subarray(at, at + 700));
    live.say({ type: 'end' });
    expect(await live.closed).toMatchObject({ code: 1000 });
    expect(live.of('ended')[0]?.heard).toBeCloseTo(heardSeconds(), 0);
    expect(sharedWords(live.finalText)).toBeGreaterThanOrEqual(6);
  });

  it('ends utterances when it is told to, where it does not look for pauses', async () => {
    const live = await open({ ...START, endpointing: null });
    await live.speak(spoken.pcm, { pace: 4 });
    live.say({ type: 'commit' });
    await live.first('committed');
    live.say({ type: 'commit' });
    await waitFor(() => live.of('committed').length === 2, { what: 'the second answer' });
    live.say({ type: 'end' });
    await live.closed;
    expect(live.of('committed').map(({ utterance }) => utterance)).toEqual([0, null]);
    expect(live.of('final').filter(({ is_last }) => is_last)).toHaveLength(1);
    expect(live.of('speech_started')).toEqual([]);
  });

  it('goes on where a connection broke off, with what was stored and told until then', async () => {
    const first = await open();
    const speaking = first.speak(spoken.pcm);
    await first.first('partial');
    first.socket.terminate();
    await speaking;
    const { session_id } = await first.first('session');
    const second = await open({ type: 'resume', session_id, last_event_id: first.lastEventId });
    const { received_samples: fromSample } = await second.first('session');
    expect(fromSample).toBeGreaterThan(0);
    await second.speak(spoken.pcm, { fromSample });
    second.say({ type: 'end' });
    await second.closed;
    expect(second.of('ended')).toMatchObject([{ reason: 'client', heard: heardSeconds() }]);
    expectSame(`${first.finalText} ${second.finalText}`);
    const ids = [...first.heard, ...second.heard].flatMap((event) => ('id' in event ? [event.id] : []));
    expect(new Set(ids).size).toBe(ids.length);
    const again = await open({ type: 'resume', session_id });
    await again.closed;
    expect(again.heard.slice(1).map((event) => 'id' in event && event.id)).toEqual(ids);
  });

  it('goes on with another API when one is killed', async () => {
    const dying = await service.addApi();
    const first = await open(START, dying.url);
    const speaking = first.speak(spoken.pcm);
    await first.first('partial');
    await dying.process.kill9();
    await speaking;
    const { session_id } = await first.first('session');
    const second = await open({ type: 'resume', session_id, last_event_id: first.lastEventId });
    const { received_samples: fromSample } = await second.first('session');
    await second.speak(spoken.pcm, { fromSample });
    second.say({ type: 'end' });
    expect(await second.closed).toMatchObject({ code: 1000 });
    const both = [...first.of('final'), ...second.of('final')];
    expectSame(both.map(({ text }) => text).join(' '));
    const utterances = both.filter(({ is_last }) => is_last).map(({ utterance }) => utterance);
    expect(utterances).toEqual([0, 1]);
    expect(second.of('ended')).toMatchObject([{ heard: heardSeconds() }]);
  });

  it('belongs to the connection that took it last', async () => {
    const first = await open();
    const { session_id } = await first.first('session');
    const second = await open({ type: 'resume', session_id });
    await second.first('session');
    first.socket.send(spoken.pcm.subarray(0, 3_200));
    expect(await first.closed).toEqual({ code: 1008, reason: 'live_session_taken' });
    second.say({ type: 'end' });
    expect(await second.closed).toMatchObject({ code: 1000 });
  });

  it('is heard by a worker that has its model', async () => {
    const modelDir = join(service.folder, 'second');
    await mkdir(modelDir);
    await copyFile(join(service.modelDir, 'ggml-sotto-nano.bin'), join(modelDir, 'ggml-second.bin'));
    const worker = await service.addWorker({ WHISPER_MODEL: 'second', WHISPER_MODEL_DIR: modelDir }, ['transcribe']);
    await waitFor(async () => (await models()).includes('second'), { what: 'the second model' });
    const all = await Promise.all([1, 2, 3].map(() => open({ ...START, model: 'second' })));
    await Promise.all(
      all.map(async (live) => {
        await live.speak(spoken.pcm, { pace: 4 });
        live.say({ type: 'end' });
        expect(await live.closed).toMatchObject({ code: 1000 });
        expect(live.of('final')).not.toEqual([]);
      }),
    );
    expect(service.workers[0]?.process.tail()).not.toContain('could not be heard');
    await worker.process.stop();
    await waitFor(async () => !(await models()).includes('second'), { what: 'the second model to go' });
    const last = await open({ ...START, model: 'second' });
    expect(await last.closed).toEqual({ code: 1008, reason: 'model_not_available' });
  });

  it('ends by itself when nobody comes back', async () => {
    const live = await open();
    const { session_id } = await live.first('session');
    live.socket.terminate();
    const ended = await waitFor(async () => (await endOf(session_id)) ?? false, { what: 'the end', timeoutMs: 20_000 });
    expect(ended).toBe('idle');
  });
});

async function models(): Promise<string[]> {
  const { json } = await send(`${service.url}/models`, { headers: FIRST });
  return (json as { models: { name: string }[] }).models.map(({ name }) => name);
}

/** Takes no session up, which would keep it alive: reads its events. */
async function endOf(sessionId: string): Promise<string | null> {
  const redis = connectRedis(service.redis.url, 'worker');
  try {
    const sessions = new LiveSessions(redis, { prefix: service.prefix, resultTtlSeconds: 60 });
    const session = await sessions.find(sessionId);
    return session?.isOver ? session.closedBy : null;
  } finally {
    await disconnect(redis);
  }
}

/** Beside the session that nothing disturbed. What is hard to hear may be heard otherwise: passes come at other moments each time. */
function expectSame(text: string): void {
  expect(differencesFrom([spoken.text, ...undisturbed], text)).toMatchObject({ lost: [], doubled: [] });
}

function sharedWords(text: string): number {
  const said = comparableWords(spoken.text);
  return comparableWords(text).filter((word) => said.includes(word)).length;
}

describe('bad input', () => {
  it.each([
    ['an odd number of bytes', Buffer.alloc(3), 1007, 'invalid_request'],
    ['text where audio is due', 'hello', 1007, 'invalid_request'],
    ['a command that nobody knows', '{"type":"dance"}', 1007, 'invalid_parameter'],
    ['an option that nobody knows', '{"type":"update","endpoints":3}', 1007, 'invalid_parameter'],
    ['a message of 10 MB', Buffer.alloc(10_000_000), 1009, null],
  ])('%s ends the connection and not the session', async (_, message, code, error) => {
    const live = await open();
    const { session_id } = await live.first('session');
    live.socket.send(message);
    expect(await live.closed).toMatchObject({ code });
    expect(live.of('error').map((told) => told.error)).toEqual(error === null ? [] : [error]);
    const again = await open({ type: 'resume', session_id });
    await again.first('session');
    again.say({ type: 'end' });
    expect(await again.closed).toMatchObject({ code: 1000 });
  });

  it.each([
    [
      'a rate that nobody has',
      { ...START, format: { encoding: 'pcm_s16le', sample_rate: 12_345 } },
      1007,
      'invalid_parameter',
    ],
    ['a threshold of 3', { ...START, endpointing: { threshold: 3 } }, 1007, 'invalid_parameter'],
    ['a model that is not there', { ...START, model: 'huge' }, 1008, 'model_not_available'],
    [
      'a session that nobody has',
      { type: 'resume', session_id: '00000000-0000-4000-8000-000000000000' },
      1008,
      'live_session_not_found',
    ],
    ['a session that is none', { type: 'resume', session_id: 'x' }, 1007, 'invalid_parameter'],
  ])('%s opens nothing', async (_, opening, code, error) => {
    const live = await open(opening);
    expect(await live.closed).toEqual({ code, reason: error });
    expect(live.of('error').map((told) => told.error)).toEqual([error]);
  });

  it('a recording that is none ends the connection, and another may go on', async () => {
    const live = await open({ ...START, format: { encoding: 'opus' } });
    const { session_id } = await live.first('session');
    live.socket.send(Buffer.from('RIFF and so on'));
    expect(await live.closed).toEqual({ code: 1007, reason: 'invalid_request' });
    const again = await open({ type: 'resume', session_id, encoding: 'opus' });
    await again.first('session');
    again.say({ type: 'end' });
    expect(await again.closed).toMatchObject({ code: 1000 });
  });

  it("another key's session is unknown, and nobody comes in without a key", async () => {
    const live = await open();
    const { session_id } = await live.first('session');
    const other = await open({ type: 'resume', session_id }, service.url, { 'X-API-Key': KEYS.ADMIN_API_KEY });
    expect(await other.closed).toEqual({ code: 1008, reason: 'live_session_not_found' });
    expect(await refused({})).toMatchObject({ status: 401, error: 'unauthorized' });
    expect(await refused({ ...FIRST, Origin: 'https://evil.example' })).toMatchObject({ error: 'origin_not_allowed' });
    expect(await send(`${service.url}/live`, { headers: FIRST })).toMatchObject({ status: 400 });
    live.say({ type: 'end' });
    await live.closed;
  });

  it('more sessions than a key may have, or than can be heard, are refused when they begin', async () => {
    const own = await Promise.all([open(), open(), open()]);
    await Promise.all(own.map((live) => live.first('session')));
    const more = await open();
    expect(await more.closed).toEqual({ code: 1013, reason: 'key_full' });
    const last = await open(START, service.url, { 'X-API-Key': KEYS.ADMIN_API_KEY });
    await last.first('session');
    const full = await open(START, service.url, { 'X-API-Key': KEYS.ADMIN_API_KEY });
    expect(await full.closed).toEqual({ code: 1013, reason: 'live_full' });
    expect(full.of('error')).toMatchObject([{ error: 'live_full', retry_after: 10 }]);
    const scraped = await scrape(service.url, { 'X-API-Key': KEYS.ADMIN_API_KEY });
    const refused = (code: string) => sampleOf(scraped, 'sotto_live_refusals_total', { code });
    expect([refused('key_full'), refused('live_full')]).toEqual([1, 1]);
    // Those that are heard can come back all the same.
    const { session_id } = await last.first('session');
    last.socket.terminate();
    const again = await open({ type: 'resume', session_id }, service.url, { 'X-API-Key': KEYS.ADMIN_API_KEY });
    await again.first('session');
    for (const live of [...own, again]) live.say({ type: 'end' });
    await Promise.all([...own, again].map((live) => live.closed));
  });

  it('audio at a hundred times its pace is taken no faster than it is heard, and all of it is', async () => {
    const live = await open();
    const minutes = Buffer.concat(Array.from({ length: 20 }, () => Buffer.alloc(320_000)));
    for (let at = 0; at < minutes.length; at += 64_000) live.socket.send(minutes.subarray(at, at + 64_000));
    live.say({ type: 'end' });
    expect(await live.closed).toMatchObject({ code: 1000 });
    expect(live.of('ended')).toMatchObject([{ heard: 200 }]);
    expect(live.of('final')).toEqual([]);
  });
});
