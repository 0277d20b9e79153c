import type { ServerResponse } from 'node:http';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { RemoteFailure } from '@sotto/runtime';
import { waitFor } from '@sotto/testkit';
import { type Engines, openEngines, type SpeechEngine } from '../src/index.ts';
import type { RemoteSpeechOptions } from '../src/remote/remote-engine.ts';
import { RemoteSource } from '../src/remote/remote-source.ts';
import { speechEngineContract } from './speech-engine-contract.ts';
import { SpeechServer, wavHeader } from './speech-server.ts';

const never = new AbortController().signal;

let server: SpeechServer;
let engines: SpeechEngine[] = [];
const spent: number[] = [];
const budget = {
  take: async (amount: number) => void spent.push(amount),
  giveBack: async (amount: number) => void spent.push(-amount),
};
const options = (more: Partial<RemoteSpeechOptions> = {}): RemoteSpeechOptions => ({
  url: server.url,
  model: 'tts-1',
  voices: [],
  languages: ['en-us'],
  auto: 'fallback',
  format: 'pcm',
  sampleRateHz: server.sampleRateHz,
  timeoutMs: 5_000,
  firstWaitMs: 5,
  firstPauseMs: 100,
  budget,
  ...more,
});
const open = async (more: Partial<RemoteSpeechOptions> = {}): Promise<SpeechEngine> => {
  const source = new RemoteSource(options(more), undefined);
  await source.mark();
  const engine = await source.open();
  engines.push(engine);
  return engine;
};
const say = (engine: SpeechEngine, text = 'Hello, world.') =>
  engine.speak({ text, voice: 'remote-espeak', language: 'en-us', speed: 1 }, never);

beforeEach(() => {
  spent.length = 0;
});

describe('RemoteEngine', () => {
  beforeAll(async () => {
    server = await SpeechServer.start();
  });
  afterAll(() => server.close());
  speechEngineContract(() => open({ format: 'wav' }), { stringsToSpeak: 20 });
});

describe('another server', () => {
  beforeEach(async () => {
    server = await SpeechServer.start();
  });
  afterEach(async () => {
    await Promise.all(engines.map((engine) => engine.close()));
    engines = [];
    await server.close();
  });

  it('is asked as OpenAI is, with its own name of the voice', async () => {
    const engine = await open({ apiKey: 'sk-1', model: 'm' });
    const samples = await engine.speak({ text: 'Hi.', voice: 'remote-espeak-f', language: 'en-us', speed: 2 }, never);
    expect(samples.length).toBeGreaterThan(2_000);
    expect(server.asked).toEqual([{ model: 'm', input: 'Hi.', voice: 'espeak-f', speed: 2, response_format: 'pcm' }]);
    expect(server.headers).toMatchObject({ authorization: 'Bearer sk-1' });
    expect(spent.reduce((sum, amount) => sum + amount)).toBe(3);
  });

  it('is asked again after what may pass, and not before it wants to be', async () => {
    const engine = await open();
    server.next.push(
      (response) => response.writeHead(500).end('oops'),
      (response) => response.destroy(),
    );
    expect((await say(engine)).length).toBeGreaterThan(0);
    expect(server.asked).toHaveLength(3);
    server.next.push((response) => response.writeHead(429, { 'retry-after': '1' }).end());
    const startedMs = performance.now();
    expect((await say(engine)).length).toBeGreaterThan(0);
    expect(performance.now() - startedMs).toBeGreaterThan(950);
    server.next.push((response) => response.writeHead(429, { 'retry-after': '3600' }).end());
    await expect(say(engine)).rejects.toMatchObject({ code: 'speech_unavailable', retryAfterSeconds: 3600 });
    await expect(say(engine)).rejects.toMatchObject({ code: 'speech_unavailable' });
    expect(server.asked).toHaveLength(6);
  });

  it.each<[string, (response: ServerResponse) => void, string]>([
    ['sends a page', (r) => r.setHeader('content-type', 'text/html').end('<p>hi'), 'text/html'],
    ['sends mp3', (r) => r.setHeader('content-type', 'audio/mpeg').end('ID3'), 'audio/mpeg'],
    ['sends sound at another rate', (r) => r.setHeader('content-type', 'audio/pcm;rate=8000').end('ab'), '8000 Hz'],
    ['sends a file at another rate', (r) => r.end(Buffer.concat([wavHeader(8_000), Buffer.alloc(9)])), '8000 Hz'],
    ['sends stereo', (r) => r.end(Buffer.concat([wavHeader(22_050, 2), Buffer.alloc(8)])), '16-bit mono'],
    ['sends half a sample', (r) => r.end('abc'), 'half a sample'],
    ['sends nothing', (r) => r.end(), 'no sound'],
    ['breaks off', (r) => r.writeHead(200, { 'content-length': 900 }).write('ab', () => r.destroy()), 'broke off'],
    ['leads elsewhere', (r) => r.writeHead(302, { location: '/v1/audio/voices' }).end(), 'no such address'],
    ['wants another key', (r) => r.writeHead(401).end(), 'the key'],
    ['fails', (r) => r.writeHead(502).end('x'.repeat(100_000)), '502'],
  ])('that %s does not speak, and says why', async (_how, behaviour, why) => {
    const engine = await open();
    server.always = behaviour;
    const failed = say(engine);
    await expect(failed).rejects.toMatchObject({
      code: 'speech_unavailable',
      detail: expect.stringContaining(why),
    });
  });

  it('that sends without end is left when it has sent what ten minutes are', async () => {
    const engine = await open();
    let sent = 0;
    const chunk = Buffer.alloc(2 ** 20, 1);
    server.always = (response) => {
      const more = () => {
        while (!response.destroyed && response.write(chunk)) sent += chunk.length;
      };
      response.on('drain', more);
      more();
    };
    await expect(say(engine)).rejects.toMatchObject({ detail: expect.stringContaining('more than') });
    expect(sent).toBeLessThan(3 * 60_000_000);
  });

  it('that sends a byte now and then, or nothing, has its time', async () => {
    const engine = await open({ timeoutMs: 150 });
    server.always = (response) => {
      const timer = setInterval(() => response.write('ab'), 20);
      response.on('close', () => clearInterval(timer));
    };
    await expect(say(engine)).rejects.toMatchObject({ detail: 'The other server took too long.' });
    await waitFor(() => server.left === 1, { what: 'the call to be left' });
    expect(server.asked).toHaveLength(1);
  });

  it('that refuses a text is not asked twice, and fails that text alone', async () => {
    const engine = await open();
    server.always = (response) => response.writeHead(400).end();
    for (let time = 1; time <= 8; time += 1) await expect(say(engine)).rejects.toMatchObject({ code: 'speech_failed' });
    expect(server.asked).toHaveLength(8);
    expect(engine.warning).toBeNull();
    expect(spent.reduce((sum, amount) => sum + amount)).toBe(0);
  });

  it('that fails again and again is left alone, tried by one call, and then asked as before', async () => {
    const states: string[] = [];
    const engine = await open({ onState: (state) => states.push(state), firstPauseMs: 300 });
    server.always = (response) => response.writeHead(500).end();
    await expect(say(engine)).rejects.toMatchObject({ code: 'speech_unavailable' });
    await expect(say(engine)).rejects.toMatchObject({ code: 'speech_unavailable' });
    expect(server.asked).toHaveLength(5);
    expect(engine.warning).toMatch(/left alone/);
    await expect(say(engine)).rejects.toMatchObject({ detail: expect.stringContaining('too often') });
    expect(server.asked).toHaveLength(5);
    server.always = null;
    await waitFor(async () => (await say(engine).catch(() => null)) !== null, { what: 'it to be asked again' });
    expect(states).toEqual(['open', 'half_open', 'closed']);
    expect(engine.warning).toBeNull();
  });

  it('whose probe is given up by whoever asked stays alone', async () => {
    const engine = await open({ firstPauseMs: 1 });
    server.always = (response) => response.writeHead(500).end();
    await say(engine).catch(() => {});
    await say(engine).catch(() => {});
    server.always = () => {};
    const stop = new AbortController();
    const count = server.asked.length;
    const probe = waitFor(
      async () => {
        const piece = { text: 'Hi.', voice: 'remote-espeak', language: 'en-us', speed: 1 };
        await engine.speak(piece, stop.signal).catch(() => {});
        return stop.signal.aborted;
      },
      { what: 'the probe' },
    );
    await waitFor(() => server.asked.length > count, { what: 'the probe to be asked' });
    stop.abort(new Error('left'));
    await probe;
    expect(engine.warning).toMatch(/left alone/);
  });

  it('is not called when the budget is used up', async () => {
    const failure = new RemoteFailure('spent', 'used up', { retryAfterMs: 60_000 });
    const engine = await open({
      budget: { take: (n) => (n > 0 ? Promise.reject(failure) : Promise.resolve()), giveBack: async () => {} },
    });
    await expect(say(engine)).rejects.toMatchObject({ code: 'speech_unavailable', retryAfterSeconds: 60 });
    expect(server.asked).toHaveLength(0);
  });
});

describe('the voices of another server', () => {
  let opened: Engines;
  beforeEach(async () => {
    server = await SpeechServer.start();
  });
  afterEach(async () => {
    await opened.close();
    await server.close();
  });
  const ids = () =>
    opened.engines
      .find(({ name }) => name === 'remote')
      ?.voices()
      .map(({ id }) => id) ?? null;
  const openAll = async (more: Partial<RemoteSpeechOptions> = {}) => {
    opened = await openEngines({ dir: '/nowhere', remote: options(more) });
  };

  it('are those that it lists, those that are named, or OpenAI’s', async () => {
    await openAll();
    expect(ids()).toEqual(['remote-espeak', 'remote-espeak-f']);
    await opened.close();
    await openAll({ voices: ['Anna=de+en', 'b'] });
    expect(ids()).toEqual(['remote-anna', 'remote-b']);
    expect(opened.resolve({ voice: 'remote-anna', language: 'auto' }).language).toBe('de');
    await opened.close();
    server.list = null;
    await openAll();
    expect(ids()).toContain('remote-nova');
  });

  it('are taken for texts that name none where nothing here speaks the language, or as its operator says', async () => {
    const auto = (language: string) => opened.resolve({ voice: 'auto', language }).engine;
    await openAll({ voices: ['x=tlh+en'] });
    expect([auto('en'), auto('tlh')]).toEqual(['espeak', 'remote']);
    await opened.close();
    await openAll({ voices: ['x=tlh+en', 'nova'], auto: 'prefer' });
    expect([auto('en'), auto('tlh'), auto('de')]).toEqual(['remote', 'remote', 'espeak']);
    expect(opened.resolve({ voice: 'nova', language: 'auto' }).voice).toBe('remote-nova');
    await opened.close();
    await openAll({ voices: ['x=tlh+en'], auto: 'never' });
    expect(auto('en')).toBe('espeak');
    expect(() => auto('tlh')).toThrow(expect.objectContaining({ code: 'language_not_supported' }));
    expect(opened.resolve({ voice: 'remote-x', language: 'tlh' }).engine).toBe('remote');
  });

  it('are none where it cannot be reached, and the others speak', async () => {
    const url = server.url;
    await server.close();
    await openAll({ url });
    expect(ids()).toBeNull();
    expect(opened.problems).toEqual([expect.stringContaining('cannot be reached')]);
    expect(opened.engines.map(({ name }) => name)).toEqual(['espeak']);
    server = await SpeechServer.start();
  });
});
