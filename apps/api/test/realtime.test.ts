import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { type Service, startService, temporaryFolder, waitFor } from '@sotto/testkit';
import type OpenAI from 'openai';
import { OpenAIRealtimeWebSocket } from 'openai/realtime/websocket';
import { OpenAIRealtimeWS } from 'openai/realtime/ws';
import type { RealtimeServerEvent } from 'openai/resources/realtime/realtime';
import { WebSocket } from 'ws';
import { openAiErrorSchema } from '../src/openai/errors.ts';
import { handshakeRefusal, plainly, RawSocket } from './support/door.ts';
import { made } from './support/media.ts';
import { clientOf } from './support/openai.ts';
import { recording, type SpokenRecording } from './support/recordings.ts';
import { send } from './support/replies.ts';
import { expectHeard } from './support/speech.ts';

jest.setTimeout(60_000);

const KEY = 'the-right-key';
const ADMIN = 'the-admin-key';
const MODEL = 'gpt-4o-transcribe';

let service: Service;
let client: OpenAI;
let two: SpokenRecording;
/** The same at the rate that OpenAI's clients send. */
let at24kHz: Uint8Array;

beforeAll(async () => {
  [service, two] = await Promise.all([
    startService({
      env: { LIVE_SESSIONS: '2' },
      apiEnv: { ENABLE_API_KEY: 'true', API_KEY: KEY, ADMIN_API_KEY: ADMIN, MAX_STREAMS_PER_KEY: '50' },
    }),
    recording(67, 2, 1_500),
  ]);
  client = clientOf(service.url, { apiKey: KEY });
  const folder = await temporaryFolder('realtime');
  await writeFile(join(folder, 'two.wav'), two.wav);
  at24kHz = await made('raw', '-i', join(folder, 'two.wav'), '-ar', '24000', '-f', 's16le');
  await rm(folder, { recursive: true });
});

/** OpenAI's own client, with everything it was told. */
class Conversation<T extends OpenAIRealtimeWS | OpenAIRealtimeWebSocket = OpenAIRealtimeWS> {
  static readonly open = new Set<Conversation<OpenAIRealtimeWS | OpenAIRealtimeWebSocket>>();
  readonly realtime: T;
  readonly told: RealtimeServerEvent[] = [];

  constructor(realtime: T) {
    this.realtime = realtime;
    const heard = realtime as OpenAIRealtimeWS;
    heard.on('event', (event) => this.told.push(event));
    heard.on('error', () => {});
    Conversation.open.add(this);
  }

  all<K extends RealtimeServerEvent['type']>(type: K): Extract<RealtimeServerEvent, { type: K }>[] {
    return this.told.filter((event): event is Extract<RealtimeServerEvent, { type: K }> => event.type === type);
  }

  /** Once there are so many of that type. */
  async until<K extends RealtimeServerEvent['type']>(type: K, count = 1) {
    return waitFor(() => (this.all(type).length >= count ? this.all(type) : false), {
      what: `${count} ${type}`,
      timeoutMs: 30_000,
    });
  }

  say(...events: object[]): void {
    for (const event of events) this.realtime.send(event as never);
  }

  speak(bytes: Uint8Array): void {
    for (let at = 0; at < bytes.length; at += 6_400) {
      const audio = Buffer.from(bytes.subarray(at, at + 6_400)).toString('base64');
      this.say({ type: 'input_audio_buffer.append', audio });
    }
  }
}

async function conversation(): Promise<Conversation> {
  const made = new Conversation(new OpenAIRealtimeWS({ model: MODEL, options: { createConnection: plainly } }, client));
  await made.until('session.created');
  return made;
}

afterEach(async () => {
  for (const { realtime } of Conversation.open) realtime.close();
  Conversation.open.clear();
  const sessions = () => service.redis.client().zcard(`${service.prefix}:live-leases`);
  await waitFor(async () => (await sessions()) === 0, { what: 'all sessions to end', timeoutMs: 20_000 });
});

afterAll(async () => {
  await service?.close({ leftovers: true });
});

const COMPLETED = 'conversation.item.input_audio_transcription.completed';
const DELTA = 'conversation.item.input_audio_transcription.delta';

const session = (input: object, rest: object = {}) => ({
  type: 'session.update',
  session: { type: 'transcription', audio: { input }, ...rest },
});
const PCM16 = { type: 'audio/pcm', rate: 16_000 };
const COMMIT = { type: 'input_audio_buffer.commit' };

describe("OpenAI's client", () => {
  it('is told utterance by utterance what is said', async () => {
    const talk = await conversation();
    talk.say(session({ format: PCM16, transcription: { model: MODEL, language: 'en' } }));
    talk.speak(two.pcm);
    const completed = await talk.until(COMPLETED, 2);
    expectHeard(completed.map(({ transcript }) => transcript).join(' '), two.text);
    const items = completed.map(({ item_id: id }) => id);
    for (const [index, { item_id: id, transcript, usage }] of completed.entries()) {
      const own = talk.all(DELTA).filter((delta) => delta.item_id === id);
      expect(own.map(({ delta }) => delta).join('')).toBe(transcript);
      const [started] = talk.all('input_audio_buffer.speech_started').filter((event) => event.item_id === id);
      const [stopped] = talk.all('input_audio_buffer.speech_stopped').filter((event) => event.item_id === id);
      const [committed] = talk.all('input_audio_buffer.committed').filter((event) => event.item_id === id);
      expect(committed?.previous_item_id).toBe(items[index - 1] ?? null);
      const seconds = ((stopped?.audio_end_ms ?? 0) - (started?.audio_start_ms ?? 0)) / 1_000;
      expect(usage).toEqual({ type: 'duration', seconds });
    }
    expect(talk.all('error')).toEqual([]);
    expect(new Set(talk.told.map((event) => (event as { event_id: string }).event_id)).size).toBe(talk.told.length);
  });

  it('ends utterances itself where it says so, with logprobs, and is set as before GA', async () => {
    const talk = await conversation();
    const older = {
      input_audio_format: 'pcm16',
      turn_detection: null,
      include: ['item.input_audio_transcription.logprobs'],
    };
    talk.say({ type: 'transcription_session.update', session: older }, COMMIT);
    await talk.until('error');
    talk.speak(Buffer.alloc(48_000));
    talk.say({ type: 'input_audio_buffer.clear' });
    await talk.until('input_audio_buffer.cleared');
    talk.speak(at24kHz);
    talk.say(COMMIT);
    const [completed] = await talk.until(COMPLETED);
    expectHeard(completed?.transcript, two.text);
    expect(
      completed?.logprobs
        ?.map(({ token }) => token)
        .join('')
        .trim(),
    ).toBe(completed?.transcript);
    expect(completed?.usage).toMatchObject({ type: 'duration' });
    expect(talk.all('input_audio_buffer.committed')).toHaveLength(1);
    expect(talk.all('input_audio_buffer.speech_started')).toEqual([]);
    expect(talk.told.map(({ type }) => type as string)).toContain('transcription_session.updated');
    expect(talk.all('error')).toMatchObject([{ error: { code: 'input_audio_buffer_commit_empty' } }]);
  });

  it('is told what it did wrong, and goes on', async () => {
    const talk = await conversation();
    talk.say({ type: 'response.create', event_id: 'mine' });
    talk.say({ type: 'input_audio_buffer.append', audio: 'AAAA' });
    talk.realtime.socket.send('{');
    talk.realtime.socket.send(Buffer.alloc(100));
    talk.say(session({ format: { type: 'audio/pcm', rate: 11 } }));
    const errors = await talk.until('error', 5);
    expect(errors.map(({ error }) => [error.type, error.code, error.event_id])).toEqual([
      ['invalid_request_error', 'invalid_parameter', 'mine'],
      ['invalid_request_error', 'invalid_parameter', null],
      ['invalid_request_error', 'invalid_request', null],
      ['invalid_request_error', 'invalid_request', null],
      ['invalid_request_error', 'invalid_parameter', null],
    ]);
    talk.say(session({ turn_detection: null }));
    await talk.until('session.updated');
  });

  it('is refused in the session where the model is not here, and the connection closes', async () => {
    const raw = await RawSocket.open(`${service.url}/v1/realtime?model=large-v3`, [], {
      headers: { 'X-API-Key': KEY },
    });
    raw.socket.send(
      JSON.stringify({ type: 'input_audio_buffer.append', audio: Buffer.alloc(4_800).toString('base64') }),
    );
    expect(await raw.first(({ type }) => type === 'error', 'the error')).toMatchObject({
      error: { code: 'model_not_found' },
    });
    expect(await raw.closed).toMatchObject({ code: 1008 });
  });

  it('sends no message of 10 MB', async () => {
    const raw = await RawSocket.open(`${service.url}/v1/realtime`, [], { headers: { 'X-API-Key': KEY } });
    raw.socket.send(JSON.stringify({ type: 'input_audio_buffer.append', audio: 'A'.repeat(10_000_000) }));
    expect(await raw.closed).toMatchObject({ code: 1009 });
  });

  it('is refused at the door when as many are heard as can be', async () => {
    const talks = [await conversation(), await conversation()];
    for (const talk of talks) talk.speak(Buffer.alloc(48_000));
    await waitFor(async () => (await service.redis.client().zcard(`${service.prefix}:live-leases`)) === 2, {
      what: 'both',
    });
    const { status, json, retryAfter } = await handshakeRefusal(`${service.url}/v1/realtime`, { 'X-API-Key': KEY });
    expect([status, openAiErrorSchema.parse(json).error.code]).toEqual([503, 'live_full']);
    expect(Number(retryAfter)).toBeGreaterThan(0);
  });
});

describe('who may', () => {
  it.each<[string, string, Record<string, string>, number, string]>([
    ['without a key', '', {}, 401, 'invalid_api_key'],
    ['with a wrong one', '', { Authorization: 'Bearer wrong' }, 401, 'invalid_api_key'],
    ['with another intent', '?intent=conversation', { Authorization: `Bearer ${KEY}` }, 400, 'invalid_parameter'],
  ])('%s: an HTTP error in their shape', async (_who, query, headers, status, code) => {
    const refused = await handshakeRefusal(`${service.url}/v1/realtime${query}`, headers);
    expect([refused.status, openAiErrorSchema.parse(refused.json).error.code]).toEqual([status, code]);
  });

  it('a page with a key of its own, in a subprotocol', async () => {
    const protocols = ['realtime', `openai-insecure-api-key.${KEY}`];
    const raw = await RawSocket.open(`${service.url}/v1/realtime?intent=transcription`, protocols);
    expect(raw.socket.protocol).toBe('realtime');
    await raw.first(({ type }) => type === 'session.created', 'the session');
    raw.socket.close();
    const origin = { Origin: 'https://elsewhere.example', 'Sec-Fetch-Site': 'cross-site' };
    expect((await handshakeRefusal(`${service.url}/v1/realtime`, origin)).status).toBe(401);
  });

  it('a page with a secret that its server made for it, set as it was made for, and for nothing else', async () => {
    const asked = { type: 'transcription', audio: { input: { format: PCM16, turn_detection: null } } } as const;
    const secret = await client.realtime.clientSecrets.create({
      expires_after: { anchor: 'created_at', seconds: 60 },
      session: asked as never,
    });
    expect(secret.value).toMatch(/^ek_/);
    expect(secret.expires_at - Date.now() / 1_000).toBeGreaterThan(50);
    const page = new Conversation(openInPage(secret.value));
    const [created] = await page.until('session.created');
    expect(created?.session).toMatchObject({ audio: { input: { format: PCM16, turn_detection: null } } });
    const elsewhere = await send(`${service.url}/v1/models`, { headers: { Authorization: `Bearer ${secret.value}` } });
    expect(elsewhere.status).toBe(401);
    const again = clientOf(service.url, { apiKey: secret.value }).realtime.clientSecrets.create({});
    await expect(again).rejects.toMatchObject({ status: 401 });
    const names = await service.redis.client().keys(`${service.prefix}:client-secret*`);
    expect(names.length).toBeGreaterThan(0);
    expect(names.join(' ')).not.toContain(secret.value);
  });

  it('nobody whose key was revoked since', async () => {
    const headers = { 'X-API-Key': ADMIN, 'Content-Type': 'application/json' };
    const made = await send(`${service.url}/admin/keys`, { method: 'POST', headers, body: '{"name":"a server"}' });
    const own = clientOf(service.url, { apiKey: String(made.json?.key) });
    const { value } = await own.realtime.clientSecrets.create({});
    const page = new Conversation(openInPage(value));
    await page.until('session.created');
    await send(`${service.url}/admin/keys/${String(made.json?.id)}`, { method: 'DELETE', headers });
    const refused = await handshakeRefusal(`${service.url}/v1/realtime`, { Authorization: `Bearer ${value}` });
    expect(refused.status).toBe(401);
  });

  it('with secrets that make sense', async () => {
    const post = (body: string) =>
      send(`${service.url}/v1/realtime/client_secrets`, {
        method: 'POST',
        headers: { Authorization: `Bearer ${KEY}`, 'Content-Type': 'application/json' },
        body,
      });
    for (const body of ['{"expires_after":{"seconds":1}}', '{"session":{"type":"realtime"}}', '[']) {
      const reply = await post(body);
      expect([body, reply.status]).toEqual([body, 400]);
      openAiErrorSchema.parse(reply.json);
    }
  });
});

/** The client's class for browsers, whose WebSocket is here one of ws's. */
function openInPage(apiKey: string): OpenAIRealtimeWebSocket {
  const before = globalThis.WebSocket;
  class Plain extends WebSocket {
    constructor(url: string, protocols: string[]) {
      super(url, protocols, { createConnection: plainly });
    }
  }
  globalThis.WebSocket = Plain as never;
  try {
    return new OpenAIRealtimeWebSocket(
      { model: MODEL, dangerouslyAllowBrowser: true },
      clientOf(service.url, { apiKey }),
    );
  } finally {
    globalThis.WebSocket = before;
  }
}
