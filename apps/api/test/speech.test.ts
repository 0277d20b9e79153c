/** @long */
import { once } from 'node:events';
import { request as httpRequest } from 'node:http';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import {
  SPEECH_FORMATS,
  type WireSpeech,
  wireAcceptedSchema,
  wireLanguageListSchema,
  wireSpeechSchema,
  wireSpokenVoiceListSchema,
} from '@sotto/contracts';
import { type Service, startService, waitFor } from '@sotto/testkit';
import { ended, parseSse, remove, statusOf } from './support/jobs.ts';
import { commentOf, secondsOf, speak } from './support/spoken.ts';

jest.setTimeout(120_000);

let service: Service;
beforeAll(async () => {
  service = await startService({
    roles: [['prepare', 'speak']],
    apiEnv: { MAX_SPEECH_CHARACTERS: '20000', SPEECH_IDLE_TIMEOUT: '2' },
  });
});
afterAll(async () => {
  // What was spoken goes with its job.
  for (const id of await allJobs()) await remove(service.url, id);
  await service?.close();
});

async function allJobs(): Promise<string[]> {
  const { jobs } = (await (await fetch(`${service.url}/jobs?limit=100`)).json()) as { jobs: { job_id: string }[] };
  return jobs.map(({ job_id: id }) => id);
}

const TEXT = 'Hello, this is the first sentence. And here is the second one, which is a little longer.';
const LONG = Array.from(
  { length: 150 },
  (_, i) => `This is sentence number ${i + 1} of a text that is rather long.`,
).join(' ');

const bytesOf = async (response: Response) => new Uint8Array(await response.arrayBuffer());
const result = (id: string, query: string) => fetch(`${service.url}/jobs/${id}/result?${query}`);
const fact = async (id: string) => wireSpeechSchema.parse(await (await result(id, 'format=json')).json()) as WireSpeech;

describe('POST /speak', () => {
  it('answers with the sound, and says that nobody has spoken it', async () => {
    const response = await speak(service.url, { text: TEXT, response_format: 'wav' });
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('audio/wav');
    expect(response.headers.get('x-synthetic-audio')).toBe('true');
    expect(response.headers.get('warning')).toMatch(/espeak/);
    const id = response.headers.get('x-job-id') ?? '';
    const seconds = await secondsOf(await bytesOf(response));
    const told = await fact(id);
    expect(told.duration).toBeCloseTo(seconds, 1);
    expect(told).toMatchObject({ engine: 'espeak', language: 'en', sample_rate: 22_050 });
    expect(told.characters).toBeGreaterThan(TEXT.length - 5);
    expect(told.characters).toBeLessThanOrEqual(TEXT.length);
    expect(told.pieces.map(({ text }) => text).join(' ')).toBe(TEXT);
  });

  it.each(SPEECH_FORMATS)('gives %s, while it is made and later', async (format) => {
    const response = await speak(service.url, { text: TEXT, response_format: format, cache: false });
    expect(response.status).toBe(200);
    const sent = await bytesOf(response);
    const id = response.headers.get('x-job-id') ?? '';
    const { duration } = await fact(id);
    const later = await bytesOf(await result(id, `format=${format}`));
    for (const bytes of [sent, later]) {
      const seconds = format === 'pcm' ? bytes.length / 2 / 24_000 : await secondsOf(bytes);
      expect(Math.abs(seconds - duration)).toBeLessThan(0.12);
      if (format !== 'pcm') expect(await commentOf(bytes)).toBe('Synthetic speech');
    }
  });

  it.each(['wav', 'pcm'] as const)(
    'gives a part of finished %s, as far as its bytes lie in storage',
    async (format) => {
      const id = (await speak(service.url, { text: TEXT })).headers.get('x-job-id') ?? '';
      const part = (headers: Record<string, string>) =>
        fetch(`${service.url}/jobs/${id}/result?format=${format}`, { headers });
      const whole = await part({});
      const bytes = await bytesOf(whole);
      const etag = whole.headers.get('etag') ?? '';
      if (format === 'pcm') {
        // espeak-ng speaks at 22,050 Hz, and pcm has 24,000: these bytes are made for each reader.
        expect(etag).toBe('');
        expect((await part({ Range: 'bytes=0-9' })).status).toBe(200);
        return;
      }
      const ranges = [
        [0, 9],
        [40, 59],
        [44, 99],
        [100, bytes.length - 1],
      ] as const;
      for (const [first, last] of ranges) {
        const response = await part({ Range: `bytes=${first}-${last}`, 'If-Range': etag });
        expect(response.status).toBe(206);
        expect(response.headers.get('content-range')).toBe(`bytes ${first}-${last}/${bytes.length}`);
        expect(await bytesOf(response)).toEqual(bytes.slice(first, last + 1));
      }
      expect(await bytesOf(await part({ Range: 'bytes=-50' }))).toEqual(bytes.slice(-50));
      const beyond = await part({ Range: `bytes=${bytes.length}-` });
      expect([beyond.status, beyond.headers.get('content-range')]).toEqual([416, `bytes */${bytes.length}`]);
      const changed = await part({ Range: 'bytes=0-9', 'If-Range': '"another"' });
      expect([changed.status, (await bytesOf(changed)).length]).toEqual([200, bytes.length]);
      const head = await fetch(`${service.url}/jobs/${id}/result?format=wav`, { method: 'HEAD' });
      expect(head.headers.get('content-length')).toBe(String(bytes.length));
    },
  );

  it('gives captions of what is spoken', async () => {
    const id = (await speak(service.url, { text: TEXT })).headers.get('x-job-id') ?? '';
    const srt = await (await result(id, 'format=srt')).text();
    expect(srt).toMatch(/^1\n00:00:00,000 --> 00:00:0\d,\d{3}\nHello,/);
    expect(await (await result(id, 'format=vtt')).text()).toMatch(/^WEBVTT/);
    expect((await (await result(id, 'format=text')).text()).replaceAll(/\s+/g, ' ').trim()).toBe(TEXT);
    expect((await result(id, 'format=rttm')).status).toBe(422);
  });

  it('gives the time of each word where that is asked for', async () => {
    const body = { text: TEXT, timestamp_granularity: 'word' };
    const id = (await speak(service.url, body)).headers.get('x-job-id') ?? '';
    await ended(service.url, id);
    const { words = [], pieces, duration, warnings } = await fact(id);
    expect(words.map(({ word }) => word)).toEqual(TEXT.split(' '));
    expect(words.map(({ start }) => start)).toEqual(words.map(({ start }) => start).sort((a, b) => a - b));
    expect(words.at(-1)?.end).toBeLessThanOrEqual(duration);
    expect(words.filter(({ start }) => pieces.some((piece) => piece.start === start))).not.toEqual([]);
    // No worker here transcribes.
    expect(warnings.map(({ code }) => code)).toContain('words_estimated');
    const srt = await (await result(id, 'format=srt&timestamp_granularity=word')).text();
    expect(srt).toContain('Hello,');
    expect(
      (await fact((await speak(service.url, { text: TEXT })).headers.get('x-job-id') ?? '')).words,
    ).toBeUndefined();
    expect((await speak(service.url, { ...body, timestamp_granularity: 'letter' })).status).toBe(422);
  });

  it('speaks the same text once, and again where that is asked for', async () => {
    const [first, second, third] = [
      await speak(service.url, { text: 'Once is enough.', response_format: 'wav' }),
      await speak(service.url, { text: 'Once is enough.', response_format: 'wav' }),
      await speak(service.url, { text: 'Once is enough.', response_format: 'wav', cache: false }),
    ];
    const sounds = await Promise.all([first, second, third].map(bytesOf));
    const samples = sounds.map((wav) => Buffer.from(wav.slice(Buffer.from(wav).indexOf('data') + 8)));
    expect(samples[0]?.length).toBeGreaterThan(10_000);
    expect(samples[1]).toEqual(samples[0]);
    expect(samples[2]).toEqual(samples[0]);
  });

  it('speaks it again when its voice has become another one', async () => {
    const redis = service.redis.client();
    const runOf = async () => {
      const response = await speak(service.url, { text: 'Voices come and go.', response_format: 'wav' });
      await response.arrayBuffer();
      const job = `${service.prefix}:request:${response.headers.get('x-job-id')}`;
      return `${service.prefix}:run:${await redis.hget(job, 'runId')}`;
    };
    const before = await runOf();
    expect(await runOf()).toBe(before);
    await redis.hset(before, 'modelDigest', 'of a voice that was here before');
    expect(await runOf()).not.toBe(before);
  });

  it('works without anybody waiting, and tells each piece in order', async () => {
    const response = await speak(service.url, { text: LONG, async: true, speed: 2 });
    expect(response.status).toBe(202);
    const { job_id: id } = wireAcceptedSchema.parse(await response.json());
    const stream = await (await fetch(`${service.url}/jobs/${id}/events`)).text();
    const events = parseSse(stream).map(({ data }) => data as { type: string; index?: number; text?: string });
    const spoken = events.filter(({ type }) => type === 'spoken');
    expect(spoken.map(({ index }) => index)).toEqual(spoken.map((_, i) => i));
    expect(spoken.map(({ text }) => text).join(' ')).toBe(LONG);
    expect(events.at(-1)?.type).toBe('completed');
    const status = await ended(service.url, id);
    expect(status).toMatchObject({ status: 'completed', progress: 100 });
    expect(status.duration).toBeGreaterThan(60);
    const sound = await bytesOf(await fetch(`${service.url}${status.result_url}?format=opus`));
    expect(await secondsOf(sound)).toBeCloseTo(status.duration ?? 0, 0);
  });

  it('refuses what cannot be spoken, and says why', async () => {
    const refusal = async (body: Record<string, unknown>) => {
      const response = await speak(service.url, body);
      const { error, detail } = (await response.json()) as { error: string; detail: string };
      return [response.status, error, detail];
    };
    expect(await refusal({})).toEqual([422, 'invalid_parameter', expect.stringContaining('text')]);
    expect(await refusal({ text: '' })).toEqual([422, 'invalid_parameter', 'text: is empty']);
    expect(await refusal({ text: ' ... --- ' })).toEqual([422, 'invalid_parameter', expect.any(String)]);
    expect(await refusal({ text: 'a\ud800b' })).toEqual([422, 'invalid_parameter', expect.stringContaining('text')]);
    expect(await refusal({ text: 'x'.repeat(20_001) })).toEqual([
      413,
      'text_too_long',
      expect.stringContaining('20001'),
    ]);
    expect(await refusal({ text: 'a', voice: 'nobody' })).toEqual([
      422,
      'invalid_parameter',
      expect.stringContaining('voice'),
    ]);
    expect(await refusal({ text: 'a', language: 'tlh' })).toEqual([422, 'language_not_supported', expect.any(String)]);
    expect(await refusal({ text: 'a', speed: 0 })).toEqual([
      422,
      'invalid_parameter',
      expect.stringContaining('speed'),
    ]);
    expect(await refusal({ text: 'a', response_format: 'exe' })).toEqual([
      422,
      'invalid_parameter',
      expect.any(String),
    ]);
    expect(await refusal({ text: 'a', loud: true })).toEqual([422, 'invalid_parameter', expect.any(String)]);
  });

  it('survives any text', async () => {
    const texts = [
      '$(rm -rf /) `id` ; -f /etc/passwd --stdout',
      '\u0000\u0007\u001b[31mred',
      'e\u0301'.repeat(2_000),
      '👩‍👩‍👧‍👦 '.repeat(300),
      'x'.repeat(15_000),
      '[[h@loU]] <voice name="../x">a</voice>',
    ];
    for (const text of texts) {
      const response = await speak(service.url, { text, response_format: 'wav', speed: 4 });
      expect([200, 422]).toContain(response.status);
      await response.arrayBuffer();
    }
  });
});

describe('whoever listens', () => {
  it('stops the work by leaving', async () => {
    const leaving = new AbortController();
    const text = `${LONG} Leaving.`;
    const response = await speak(service.url, { text, response_format: 'wav' }, { signal: leaving.signal });
    const id = response.headers.get('x-job-id') ?? '';
    leaving.abort();
    await waitFor(async () => (await statusOf(service.url, id)).status !== 'processing', { what: 'the end' });
    expect((await statusOf(service.url, id)).status).toMatch(/cancelled|completed/);
  });

  it('holds up nobody by not reading, and is left after a while', async () => {
    const body = JSON.stringify({ text: `${LONG} Not reading.`, response_format: 'wav' });
    const headers = { 'content-type': 'application/json' };
    const request = httpRequest(`${service.url}/speak`, { method: 'POST', headers });
    request.end(body);
    const [response] = await once(request, 'response');
    // Nobody reads it: its socket fills up.
    const closed = new Promise((resolve) => response.once('close', resolve).once('error', resolve));
    const other = await speak(service.url, { text: 'Others are heard meanwhile.', response_format: 'wav' });
    expect(await secondsOf(await bytesOf(other))).toBeGreaterThan(1);
    response.pause();
    await waitFor(async () => response.socket?.bytesRead > 0, { what: 'some sound' });
    setTimeout(() => response.resume(), 6_000).unref();
    await closed;
  });
});

it('says when a text that waits will be done', async () => {
  const accepted = await speak(service.url, { text: `${LONG} Waiting.`, async: true, speed: 0.5 });
  const { job_id: id } = wireAcceptedSchema.parse(await accepted.json());
  const { estimated_completion: end } = await waitFor(
    async () => {
      const status = await statusOf(service.url, id);
      return status.estimated_completion === undefined ? null : status;
    },
    { what: 'an estimate', intervalMs: 5 },
  );
  expect(Date.parse(String(end))).toBeGreaterThan(Date.now() - 1_000);
  await fetch(`${service.url}/jobs/${id}`, { method: 'DELETE' });
});

it('GET /languages tells what can be spoken, by whom and how well', async () => {
  const { spoken = [] } = wireLanguageListSchema.parse(await (await fetch(`${service.url}/languages`)).json());
  const german = spoken.find(({ code }) => code === 'de');
  expect(german).toMatchObject({ name: 'German', quality: 'low', engines: ['espeak'] });
  expect(german?.voices).toContain('espeak');
  expect(spoken.length).toBeGreaterThan(50);
});

it('GET /voices lists what there is, and each can be spoken with', async () => {
  const { voices } = wireSpokenVoiceListSchema.parse(await (await fetch(`${service.url}/voices`)).json());
  expect(voices.length).toBeGreaterThan(0);
  const [voice] = voices;
  expect(voice).toMatchObject({ engine: 'espeak', kind: 'stock', quality: 'low' });
  const response = await speak(service.url, {
    text: 'Guten Tag.',
    voice: voice?.id,
    language: 'de',
    response_format: 'wav',
  });
  const id = response.headers.get('x-job-id') ?? '';
  await response.arrayBuffer();
  expect(await fact(id)).toMatchObject({ voice: voice?.id, language: 'de' });
});
