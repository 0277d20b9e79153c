import { once } from 'node:events';
import { rm, writeFile } from 'node:fs/promises';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import {
  describeWith,
  freePort,
  mustRun,
  pythonPackages,
  runCommand,
  type Service,
  startService,
  temporaryFolder,
  waitFor,
} from '@sotto/testkit';
import { type WyomingEvent, WyomingReader } from '../src/wyoming/wire.ts';
import { made } from './support/media.ts';
import { recording, type SpokenRecording } from './support/recordings.ts';
import { expectHeard } from './support/speech.ts';

jest.setTimeout(60_000);

const CLIENT = fileURLToPath(new URL('./support/wyoming-client.py', import.meta.url));
const KEY = 'the-right-key';

let service: Service;
let port: number;
let two: SpokenRecording;

beforeAll(async () => {
  port = await freePort();
  const keys = { ENABLE_API_KEY: 'true', API_KEY: KEY };
  [service, two] = await Promise.all([
    startService({
      env: { LIVE_SESSIONS: '2' },
      apiEnv: { ...keys, WYOMING_PORT: String(port), WYOMING_API_KEY: KEY },
    }),
    recording(73, 2, 1_500),
  ]);
});

const sockets = new Set<Socket>();

afterEach(async () => {
  for (const socket of sockets) socket.destroy();
  sockets.clear();
  const sessions = () => service.redis.client().zcard(`${service.prefix}:live-leases`);
  await waitFor(async () => (await sessions()) === 0, { what: 'all sessions to end', timeoutMs: 20_000 });
});

afterAll(async () => {
  await service?.close();
});

interface Told {
  type: string;
  data: Record<string, unknown>;
}

const ofType = (told: readonly Told[], type: string) => told.filter((event) => event.type === type);
const texts = (told: readonly Told[], type: string) => ofType(told, type).map(({ data }) => String(data.text));

describeWith(
  await pythonPackages({ name: 'wyoming-1.10.2', requirements: ['wyoming==1.10.2'], modules: ['wyoming.asr'] }),
  "Wyoming's own client",
  (env) => {
    it('finds the models, and has one command after the other transcribed as it is said', async () => {
      const folder = await temporaryFolder('wyoming');
      const paths = [join(folder, 'mono.wav'), join(folder, 'stereo.wav')] as const;
      await writeFile(paths[0], two.wav);
      await writeFile(paths[1], await made('wav', '-i', paths[0], '-ar', '48000', '-ac', '2'));
      const output = await mustRun('python3', [CLIENT, `tcp://127.0.0.1:${port}`, ...paths], {
        env: { ...process.env, ...env },
        timeoutMs: 50_000,
      });
      await rm(folder, { recursive: true });
      const told = String(output)
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as Told);
      expect(told[0]).toEqual({ type: 'pong', data: { text: 'hello' } });
      expect(told[1]).toMatchObject({
        type: 'info',
        data: {
          asr: [
            {
              name: 'sotto',
              installed: true,
              supports_transcript_streaming: true,
              models: [{ name: 'sotto-nano', installed: true, languages: expect.arrayContaining(['en']) }],
            },
          ],
        },
      });
      const transcripts = texts(told, 'transcript');
      expect(transcripts).toHaveLength(2);
      for (const text of transcripts) expectHeard(text, two.text);
      expect(texts(told, 'transcript-chunk').join('')).toBe(transcripts.join(''));
      expect(ofType(told, 'transcript-chunk').length).toBeGreaterThan(2);
      expect(ofType(told, 'transcript')[0]?.data.language).toBe('en');
      const order = told.map(({ type }) => type).filter((type) => type !== 'transcript-chunk');
      expect(order.slice(2)).toEqual([
        'transcript-start',
        'transcript',
        'transcript-stop',
        'transcript-start',
        'transcript',
        'transcript-stop',
      ]);
    });
  },
);

/** A connection of nobody's client. */
class Raw {
  readonly socket: Socket;
  readonly told: WyomingEvent[] = [];
  readonly closed: Promise<unknown>;

  constructor() {
    this.socket = connect(port, '127.0.0.1');
    sockets.add(this.socket);
    const reader = new WyomingReader();
    this.socket.on('error', () => {});
    this.socket.on('data', (chunk: Buffer) => this.told.push(...reader.accept(chunk)));
    this.closed = once(this.socket, 'close');
  }

  say(type: string, data: Record<string, unknown> = {}, payload = Buffer.alloc(0)): void {
    const line = { type, data, payload_length: payload.length };
    this.socket.write(Buffer.concat([Buffer.from(`${JSON.stringify(line)}\n`), payload]));
  }

  until(type: string): Promise<WyomingEvent> {
    return waitFor(() => this.told.find((event) => event.type === type) ?? false, { what: type, timeoutMs: 20_000 });
  }
}

const AUDIO = { rate: 16_000, width: 2, channels: 1 };

describe('a client', () => {
  it.each<[string, (raw: Raw) => void, string]>([
    ['that speaks HTTP', ({ socket }) => void socket.write('GET / HTTP/1.1\r\nHost: a\r\n\r\n'), 'invalid_request'],
    ['with a line that has no end', ({ socket }) => void socket.write(Buffer.alloc(100_000, 'a')), 'invalid_request'],
    [
      'with a message of 10 MB',
      ({ socket }) => void socket.write('{"type":"audio-chunk","payload_length":10000000}\n'),
      'invalid_request',
    ],
    ['with audio before it starts', (raw) => raw.say('audio-chunk', AUDIO, Buffer.alloc(2)), 'invalid_request'],
    ['with a wrong rate', (raw) => raw.say('audio-start', { ...AUDIO, rate: 5 }), 'invalid_parameter'],
    [
      'with half a sample',
      (raw) => {
        raw.say('audio-start', AUDIO);
        raw.say('audio-chunk', AUDIO, Buffer.alloc(3));
      },
      'invalid_parameter',
    ],
    [
      'that wants a model that is not here',
      (raw) => {
        raw.say('transcribe', { name: 'large-v3' });
        raw.say('audio-start', AUDIO);
        raw.say('audio-chunk', AUDIO, Buffer.alloc(3_200));
      },
      'model_not_available',
    ],
  ])('%s is told so, and its connection ends', async (_what, say, code) => {
    const raw = new Raw();
    say(raw);
    expect((await raw.until('error')).data).toEqual({ code, text: expect.stringMatching(/\S/) });
    raw.socket.end();
    await raw.closed;
  });

  it('that says nothing has an empty transcript', async () => {
    const raw = new Raw();
    raw.say('audio-start', AUDIO);
    raw.say('audio-stop');
    await raw.until('transcript-stop');
    expect(raw.told.find(({ type }) => type === 'transcript')?.data).toEqual({ text: '' });
  });

  it('may close its side before it is answered', async () => {
    const raw = new Raw();
    raw.say('transcribe', { language: 'en' });
    raw.say('audio-start', AUDIO);
    raw.say('audio-chunk', AUDIO, Buffer.from(two.pcm));
    raw.say('audio-stop');
    raw.socket.end();
    await raw.closed;
    expectHeard(raw.told.find(({ type }) => type === 'transcript')?.data.text, two.text);
    const entries = () => service.redis.client().xrevrange(`${service.prefix}:audit`, '+', '-', 'COUNT', 1);
    const [entry] = await waitFor(
      async () => {
        const found = await entries();
        return found.length > 0 && found;
      },
      { what: 'the audit log' },
    );
    expect(JSON.parse(String(entry?.[1][1]))).toMatchObject({
      action: 'live.open',
      key_id: expect.any(String),
      target: expect.any(String),
      path: 'wyoming',
      address: '127.0.0.1',
    });
  });

  it('that leaves in the middle takes its session along, and one too many is told so', async () => {
    const clients = [new Raw(), new Raw(), new Raw()];
    const leases = () => service.redis.client().zcard(`${service.prefix}:live-leases`);
    for (const [index, raw] of clients.entries()) {
      raw.say('audio-start', AUDIO);
      raw.say('audio-chunk', AUDIO, Buffer.alloc(3_200));
      if (index < 2) await waitFor(async () => (await leases()) === index + 1, { what: 'it to be heard' });
    }
    expect((await clients[2]?.until('error'))?.data.code).toBe('live_full');
    for (const { socket } of clients) socket.destroy();
    await waitFor(async () => (await leases()) === 0, { what: 'the sessions to end', timeoutMs: 20_000 });
  });

  it('speaks to a service that its operator has opened for it, and to no other', async () => {
    const { code, stderr } = await runCommand(
      process.execPath,
      ['--import', 'tsx', '--conditions=@sotto/source', MAIN],
      {
        env: { ...process.env, ENABLE_API_KEY: 'true', API_KEY: KEY, WYOMING_PORT: String(await freePort()) },
      },
    );
    expect([code, stderr]).toEqual([1, expect.stringContaining('WYOMING_API_KEY')]);
  });
});

const MAIN = fileURLToPath(new URL('../src/main.ts', import.meta.url));
