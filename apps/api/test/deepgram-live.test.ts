import { DeepgramClient } from '@deepgram/sdk';
import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { type Service, startService, waitFor } from '@sotto/testkit';
import { deepgramErrorSchema } from '../src/deepgram/errors.ts';
import { handshakeRefusal, RawSocket } from './support/door.ts';
import { recording, type SpokenRecording } from './support/recordings.ts';
import { expectHeard } from './support/speech.ts';

jest.setTimeout(60_000);

const KEY = 'the-right-key';

let service: Service;
let two: SpokenRecording;

beforeAll(async () => {
  [service, two] = await Promise.all([
    startService({ env: { LIVE_SESSIONS: '2' }, apiEnv: { ENABLE_API_KEY: 'true', API_KEY: KEY } }),
    recording(64, 2, 1_500),
  ]);
});

afterEach(async () => {
  for (const { socket } of Listening.all) socket.close();
  Listening.all.clear();
  const sessions = () => service.redis.client().zcard(`${service.prefix}:live-leases`);
  await waitFor(async () => (await sessions()) === 0, { what: 'all sessions to end', timeoutMs: 20_000 });
});

afterAll(async () => {
  await service?.close();
});

type Listen = DeepgramClient['listen']['v1'];
type Asked = Omit<Parameters<Listen['connect']>[0], 'model' | 'Authorization'>;
type Message = Record<string, unknown> & { type: string };

interface Results extends Message {
  is_final: boolean;
  speech_final: boolean;
  from_finalize: boolean;
  start: number;
  duration: number;
  channel: { alternatives: { transcript: string; words: { word: string; start: number; end: number }[] }[] };
}

/** Deepgram's own client, with everything it was told. */
class Listening {
  static readonly all = new Set<Listening>();
  readonly told: Message[] = [];
  readonly socket: Awaited<ReturnType<Listen['connect']>>;
  readonly closed: Promise<number>;

  private constructor(socket: Awaited<ReturnType<Listen['connect']>>) {
    this.socket = socket;
    socket.on('message', (message) => this.told.push(message as unknown as Message));
    this.closed = new Promise((resolve) => socket.on('close', ({ code }) => resolve(code)));
  }

  static async open(query: Asked = {}, apiKey = KEY): Promise<Listening> {
    const urls = { base: service.url, production: service.url.replace('http', 'ws') };
    const client = new DeepgramClient({
      apiKey,
      environment: { ...urls, agent: urls.production, agentRest: urls.base },
    });
    const linear = { model: 'nova-3', encoding: 'linear16', sample_rate: 16_000, reconnectAttempts: 0 } as const;
    const socket = await client.listen.v1.connect({ ...linear, ...query } as Parameters<Listen['connect']>[0]);
    const listening = new Listening(socket);
    Listening.all.add(listening);
    socket.connect();
    await socket.waitForOpen();
    return listening;
  }

  all<T extends Message = Message>(type: string): T[] {
    return this.told.filter((message): message is T => message.type === type);
  }

  get finals(): Results[] {
    return this.all<Results>('Results').filter(({ is_final: isFinal }) => isFinal);
  }

  until(matches: () => boolean, what: string): Promise<boolean> {
    return waitFor(() => matches(), { what, timeoutMs: 30_000 });
  }

  speak(bytes: Uint8Array): void {
    for (let at = 0; at < bytes.length; at += 3_200) this.socket.sendMedia(bytes.slice(at, at + 3_200));
  }
}

const transcriptOf = ({ channel }: Results): string => channel.alternatives[0]?.transcript ?? '';
const saidIn = (results: readonly Results[]): string =>
  results
    .map(transcriptOf)
    .filter((text) => text !== '')
    .join(' ');

describe("Deepgram's client", () => {
  it('is told what is said, what may change before, and when speech begins and ends', async () => {
    const query = { interim_results: 'true', vad_events: 'true', utterance_end_ms: 1_000, punctuate: 'true' } as const;
    const talk = await Listening.open(query as Asked);
    talk.speak(two.pcm);
    talk.speak(Buffer.alloc(64_000));
    await talk.until(() => talk.finals.filter(({ speech_final: isLast }) => isLast).length >= 2, 'two utterances');
    expectHeard(saidIn(talk.finals), two.text);
    const results = talk.all<Results>('Results');
    expect(results.some(({ is_final: isFinal }) => !isFinal)).toBe(true);
    for (const [index, { start }] of talk.finals.entries()) {
      const before = talk.finals[index - 1];
      expect(start).toBeGreaterThanOrEqual((before?.start ?? 0) + (before?.duration ?? 0) - 0.001);
    }
    expect(talk.all('SpeechStarted').length).toBeGreaterThanOrEqual(2);
    talk.speak(Buffer.alloc(32_000));
    await talk.until(() => talk.all('UtteranceEnd').length > 0, 'UtteranceEnd');
    const lastWord = talk.finals.flatMap(({ channel }) => channel.alternatives[0]?.words ?? []).at(-1);
    expect(talk.all('UtteranceEnd').at(-1)).toMatchObject({ channel: [0, 1], last_word_end: lastWord?.end });

    talk.socket.sendCloseStream({ type: 'CloseStream' });
    expect(await talk.closed).toBe(1000);
    const duration = (two.pcm.length + 96_000) / 32_000;
    const [metadata] = talk.all('Metadata');
    expect(metadata).toMatchObject({ channels: 1, sha256: expect.stringMatching(/^[0-9a-f]{64}$/) });
    expect(metadata?.duration).toBeCloseTo(duration, 3);
    expect(talk.told.at(-1)?.type).toBe('Metadata');
    const id = metadata?.request_id;
    expect(results.every((result) => (result.metadata as { request_id: string }).request_id === id)).toBe(true);
  });

  it('ends utterances itself with Finalize, keeps quiet with KeepAlive, and is told of what makes no sense', async () => {
    const talk = await Listening.open({ endpointing: 'false' } as Asked);
    talk.socket.sendKeepAlive({ type: 'KeepAlive' });
    talk.socket.sendFinalize({ type: 'Finalize' });
    await talk.until(() => talk.finals.length === 1, 'an answer to Finalize');
    expect(talk.finals[0]).toMatchObject({ from_finalize: true, start: 0, duration: 0 });
    talk.speak(two.pcm);
    talk.socket.sendFinalize({ type: 'Finalize' });
    await talk.until(() => talk.finals.filter(({ from_finalize: answers }) => answers).length === 2, 'the second');
    expect(talk.finals.at(-1)).toMatchObject({ speech_final: true });
    expectHeard(saidIn(talk.finals), two.text.toLowerCase());
    expect(talk.all<Results>('Results').every(({ is_final: isFinal }) => isFinal)).toBe(true);
    talk.socket.sendKeepAlive({ type: 'Nonsense' } as never);
    await talk.until(() => talk.all('Error').length === 1, 'an error');
    expect(talk.all('Error')).toMatchObject([{ variant: 'SchemaError' }]);
    talk.socket.sendCloseStream({ type: 'CloseStream' });
    expect(await talk.closed).toBe(1000);
  });

  it('may send what is divided anywhere, of two channels, and nothing at all', async () => {
    const talk = await Listening.open({ channels: 2 } as Asked);
    const stereo = Buffer.alloc(2 * two.pcm.length);
    for (let at = 0; at < two.pcm.length; at += 2) {
      stereo.set(two.pcm.subarray(at, at + 2), 2 * at);
      stereo.set(two.pcm.subarray(at, at + 2), 2 * at + 2);
    }
    for (let at = 0; at < stereo.length; at += 4_999) talk.socket.sendMedia(stereo.subarray(at, at + 4_999));
    talk.socket.sendCloseStream({ type: 'CloseStream' });
    expect(await talk.closed).toBe(1000);
    expectHeard(saidIn(talk.finals), two.text.toLowerCase());
    expect(talk.all('Metadata')).toMatchObject([{ channels: 2 }]);

    const silent = await Listening.open();
    silent.socket.sendCloseStream({ type: 'CloseStream' });
    expect(await silent.closed).toBe(1000);
    expect(silent.told.map(({ type }) => type)).toEqual(['Metadata']);
  });
});

describe('what cannot be heard', () => {
  const LINEAR = 'encoding=linear16&sample_rate=16000';
  const refusal = async (query: string, headers: Record<string, string> = { Authorization: `Token ${KEY}` }) => {
    const { status, json } = await handshakeRefusal(`${service.url}/v1/listen?${query}`, headers);
    return [status, deepgramErrorSchema.parse(json).err_code];
  };

  it.each([
    ['model=nova-3', 400, 'invalid_parameter'],
    ['encoding=linear16', 400, 'invalid_parameter'],
    ['encoding=opus&sample_rate=48000', 400, 'invalid_parameter'],
    ['encoding=linear16&sample_rate=12345', 400, 'invalid_parameter'],
    [`${LINEAR}&diarize=true`, 400, 'invalid_parameter'],
    [`${LINEAR}&redact=pci`, 400, 'invalid_parameter'],
    [`${LINEAR}&model=whisper-large`, 400, 'model_not_available'],
  ])('%s is an HTTP error in their shape', async (query, status, code) => {
    expect(await refusal(query)).toEqual([status, code]);
  });

  it('without a key, or with a wrong one', async () => {
    expect(await refusal(LINEAR, {})).toEqual([401, 'INVALID_AUTH']);
    expect(await refusal(LINEAR, { Authorization: 'Token wrong' })).toEqual([401, 'INVALID_AUTH']);
  });

  it('a page sends its key beside a subprotocol', async () => {
    const raw = await RawSocket.open(`${service.url}/v1/listen?${LINEAR}`, ['token', KEY]);
    expect(raw.socket.protocol).toBe('token');
    raw.socket.send(JSON.stringify({ type: 'CloseStream' }));
    expect(await raw.closed).toMatchObject({ code: 1000 });
  });

  it('text where audio is due, which ends nothing', async () => {
    const raw = await RawSocket.open(`${service.url}/v1/listen?${LINEAR}`, ['token', KEY]);
    raw.socket.send('so this is no JSON');
    expect(await raw.first(({ type }) => type === 'Error', 'an error')).toMatchObject({ variant: 'SchemaError' });
    raw.socket.send(JSON.stringify({ type: 'CloseStream' }));
    expect(await raw.closed).toMatchObject({ code: 1000 });
  });

  it('a message of 10 MB, and one more than can be heard', async () => {
    const headers = { Authorization: `Token ${KEY}` };
    const sockets = [await RawSocket.open(`${service.url}/v1/listen?${LINEAR}`, [], { headers })];
    sockets.push(await RawSocket.open(`${service.url}/v1/listen?${LINEAR}`, [], { headers }));
    for (const { socket } of sockets) socket.send(Buffer.alloc(32_000));
    const leases = `${service.prefix}:live-leases`;
    await waitFor(async () => (await service.redis.client().zcard(leases)) === 2, { what: 'both to be heard' });
    expect(await refusal(LINEAR)).toEqual([503, 'live_full']);
    sockets[0]?.socket.send(Buffer.alloc(10_000_000));
    expect(await sockets[0]?.closed).toMatchObject({ code: 1009 });
    sockets[1]?.socket.terminate();
  });
});
