import { rm, writeFile } from 'node:fs/promises';
import { createServer, request } from 'node:http';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { DeepgramClient, DeepgramError } from '@deepgram/sdk';
import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { type Service, startService, temporaryFolder, waitFor } from '@sotto/testkit';
import { recordingSchema } from '../src/deepgram/answers.ts';
import { deepgramErrorSchema } from '../src/deepgram/errors.ts';
import { leavesNothing } from './support/fleet.ts';
import { made, wav } from './support/media.ts';
import { recording, type SpokenRecording } from './support/recordings.ts';
import { send } from './support/replies.ts';
import { runsMade } from './support/runs.ts';
import { expectHeard } from './support/speech.ts';

jest.setTimeout(60_000);

const KEY = 'the-right-key';
const MAX_BYTES = 1_000_000;

let service: Service;
let one: SpokenRecording;
/** Deepgram's own client, which asks once. */
let client: DeepgramClient;
let folder: string;

const clientWith = (credentials: { apiKey: string } | { accessToken: string }): DeepgramClient =>
  new DeepgramClient({
    ...credentials,
    environment: { base: service.url, production: service.url, agent: service.url, agentRest: service.url },
    maxRetries: 0,
  });

beforeAll(async () => {
  folder = await temporaryFolder('deepgram');
  [service, one] = await Promise.all([
    startService({
      env: { ALLOWED_NETWORKS: '127.0.0.1' },
      apiEnv: {
        ENABLE_API_KEY: 'true',
        API_KEY: KEY,
        MAX_FILE_SIZE: String(MAX_BYTES),
        UPLOAD_IDLE_TIMEOUT: '1',
      },
    }),
    recording(41, 2, 1_200),
  ]);
  client = clientWith({ apiKey: KEY });
});

afterEach(() => leavesNothing(service, service.redis.client()));

afterAll(async () => {
  await service?.close();
  await rm(folder, { recursive: true, force: true });
});

type Query = NonNullable<Parameters<DeepgramClient['listen']['v1']['media']['transcribeFile']>[1]>;

const listen = async (body: Uint8Array | Readable, query: Query = {}, rest: Record<string, unknown> = {}) => {
  const { data, rawResponse } = await client.listen.v1.media
    .transcribeFile(body, query, { queryParams: rest })
    .withRawResponse();
  return { ...recordingSchema.parse(data), headers: rawResponse.headers };
};

/** The error that a call ends with. */
async function refusal(call: Promise<unknown>): Promise<{ status: number; code: string; message: string }> {
  const error = await call.then(
    () => null,
    (reason: unknown) => reason,
  );
  if (!(error instanceof DeepgramError)) throw new Error(`Not refused by the service: ${String(error)}`);
  const { err_code: code, err_msg: message, request_id: id } = deepgramErrorSchema.parse(error.body);
  expect(error.requestId).toBe(id);
  return { status: error.statusCode ?? 0, code, message };
}

describe("a recording sent by Deepgram's client", () => {
  it('is answered as bare words, unless punctuation is asked for, with the times of each', async () => {
    const { results, metadata, headers } = await listen(one.wav);
    const [alternative] = results.channels[0]?.alternatives ?? [];
    expectHeard(alternative?.transcript, one.text.toLowerCase());
    expect(alternative?.transcript).toBe(alternative?.words.map(({ word }) => word).join(' '));
    expect(alternative?.transcript).not.toMatch(/[A-Z.,]/);
    expect(
      alternative?.words.every(({ start, end }, at, all) => end >= start && start >= (all[at - 1]?.end ?? 0)),
    ).toBe(true);
    expect(metadata).toMatchObject({ channels: 1, request_id: headers.get('x-request-id') });
    expect(metadata.duration).toBeCloseTo(one.durationMs / 1000, 2);
    expect(metadata.model_info[metadata.models[0] ?? '']).toMatchObject({ name: 'sotto-nano', arch: 'whisper' });

    const smart = await listen(one.wav, {
      smart_format: true,
      utterances: true,
      utt_split: 0.6,
      tag: ['a'],
      extra: 'k:v',
    });
    const [formatted] = smart.results.channels[0]?.alternatives ?? [];
    const kept = await send(
      `${service.url}/jobs/${smart.headers.get('x-job-id')}/result?format=json&disfluencies=false&numbers=digits`,
      {
        headers: { Authorization: `Token ${KEY}` },
      },
    );
    expect(formatted?.transcript).toBe(kept.json?.text);
    expect(formatted?.words.map(({ punctuated_word: word }) => word).join(' ')).toBe(kept.json?.text);
    expect(formatted?.paragraphs?.transcript.trim().replace(/\n+/g, ' ')).toBe(kept.json?.text);
    expect(smart.results.utterances?.length).toBeGreaterThanOrEqual(2);
    expect(smart.results.utterances?.map(({ transcript }) => transcript).join(' ')).toBe(kept.json?.text);
    expect(smart.metadata).toMatchObject({ tags: ['a'], extra: { k: 'v' } });
    expect(await runsMade(service)).toBe(1);
  });

  it('may be samples without a container, of any rate', async () => {
    await writeFile(join(folder, 'speech.wav'), one.wav);
    const telephone = await made('mulaw', '-i', join(folder, 'speech.wav'), '-f', 'mulaw', '-ar', '8000', '-ac', '1');
    const asked = { encoding: 'linear16' } as const;
    const { results, metadata } = await listen(one.pcm, asked, { sample_rate: 16_000 });
    expectHeard(results.channels[0]?.alternatives[0]?.transcript, one.text.toLowerCase());
    expect(metadata.duration).toBeCloseTo(one.durationMs / 1000, 2);
    const narrow = await listen(telephone, { encoding: 'mulaw' }, { sample_rate: 8_000, channels: 1 });
    expect(narrow.metadata.duration).toBeCloseTo(one.durationMs / 1000, 1);
    // Many clients say so of WAV files, too.
    const contained = await listen(one.wav, asked, { sample_rate: 8_000 });
    expect(contained.metadata.duration).toBeCloseTo(one.durationMs / 1000, 2);
  });

  it('may be named by its address', async () => {
    const server = createServer((_request, response) => void response.end(one.wav));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as { port: number };
    try {
      const url = `http://127.0.0.1:${port}/talk.wav`;
      const { results } = recordingSchema.parse(await client.listen.v1.media.transcribeUrl({ url, punctuate: true }));
      expectHeard(results.channels[0]?.alternatives[0]?.transcript, one.text);
      const inside = client.listen.v1.media.transcribeUrl({ url: 'http://10.0.0.1/talk.wav' });
      expect(await refusal(inside)).toMatchObject({ status: 400, code: 'invalid_parameter' });
    } finally {
      await new Promise((resolve) => server.close(resolve));
    }
  });

  it('names parameters that have no effect, and refuses those whose effect would be missed', async () => {
    const { metadata, headers } = await listen(one.wav, { measurements: true, mip_opt_out: true });
    const [first] = metadata.warnings ?? [];
    expect(first).toEqual({
      parameter: 'measurements',
      type: 'unsupported_parameter',
      message: 'measurements has no effect.',
    });
    expect(headers.get('warning')).toContain('measurements has no effect');
    expect(JSON.stringify(metadata.warnings)).not.toContain('mip_opt_out');

    const refused = await refusal(listen(one.wav, { redact: 'pci' }));
    expect(refused).toMatchObject({
      status: 400,
      code: 'invalid_parameter',
      message: expect.stringContaining('redact'),
    });
    expect((await listen(one.wav, { summarize: 'false' as never, sentiment: false })).results.channels).toHaveLength(1);
  });
});

describe('what cannot be used is refused in their shape', () => {
  it.each<[string, () => Uint8Array, Query, Record<string, string>, number, string]>([
    ['text', () => Buffer.from('hello '.repeat(100)), {}, {}, 400, 'invalid_file_format'],
    ['nothing', () => new Uint8Array(0), {}, {}, 400, 'empty_file'],
    ['too little', () => wav(20), {}, {}, 400, 'audio_too_short'],
    ['too much', () => new Uint8Array(MAX_BYTES + 1), {}, {}, 413, 'file_too_large'],
    ['a model that is not here', () => wav(), { model: 'whisper-large' }, {}, 400, 'model_not_available'],
    ['a language nobody speaks', () => wav(), { language: 'xx' }, {}, 400, 'invalid_parameter'],
    ['languages nobody speaks', () => wav(), {}, { detect_language: 'xx' }, 400, 'invalid_parameter'],
    ['samples of no rate', () => wav(), { encoding: 'linear16' }, {}, 400, 'invalid_parameter'],
    ['samples of a wrong rate', () => wav(), { encoding: 'linear16' }, { sample_rate: '4' }, 400, 'invalid_parameter'],
    ['an unknown encoding', () => wav(), { encoding: 'mp5' as never }, {}, 400, 'invalid_parameter'],
    ['channels and voices', () => wav(), { multichannel: true, diarize: true }, {}, 400, 'invalid_parameter'],
  ])('%s', async (_what, bytes, query, rest, status, code) => {
    expect(await refusal(listen(bytes(), query, rest))).toMatchObject({ status, code });
  });

  it('a form, and JSON without an address', async () => {
    const headers = { Authorization: `Token ${KEY}` };
    const form = new FormData();
    form.append('file', new Blob([new Uint8Array(one.wav)]), 'a.wav');
    const address = `${service.url}/v1/listen`;
    const answers = [
      await send(address, { method: 'POST', headers, body: form }),
      await send(address, {
        method: 'POST',
        headers: { ...headers, 'Content-Type': 'application/json' },
        body: '{"url":1}',
      }),
      await send(address, { method: 'POST', headers: { ...headers, 'Content-Type': 'application/json' }, body: '{' }),
      await send(address, { method: 'PUT', headers }),
    ];
    expect(answers.map(({ status, json }) => [status, deepgramErrorSchema.parse(json).err_code])).toEqual([
      [415, 'unsupported_media_type'],
      [400, 'invalid_parameter'],
      [400, 'invalid_request'],
      [405, 'method_not_allowed'],
    ]);
  });

  it('a body that stalls, and one whose sender leaves', async () => {
    const begin = () => {
      const { hostname, port } = new URL(service.url);
      const headers = { Authorization: `Token ${KEY}`, 'Content-Type': 'audio/wav', 'Content-Length': one.wav.length };
      const sent = request({ hostname, port, path: '/v1/listen', method: 'POST', headers, agent: false });
      sent.write(one.wav.subarray(0, 10_000));
      return sent;
    };
    const stalled = begin();
    const [status, text] = await new Promise<[number, string]>((resolve, reject) => {
      stalled.on('error', reject);
      stalled.on('response', (response) => {
        response.setEncoding('utf8').on('data', (part: string) => resolve([response.statusCode ?? 0, part]));
      });
    });
    stalled.destroy();
    expect([status, deepgramErrorSchema.parse(JSON.parse(text)).err_code]).toEqual([408, 'upload_timeout']);

    const before = await runsMade(service);
    const leaving = begin();
    leaving.on('error', () => {});
    await new Promise<void>((resolve) => leaving.once('socket', (socket) => socket.once('connect', () => resolve())));
    leaving.destroy();
    await waitFor(async () => (await send(`${service.url}/health/live`)).status === 200, { what: 'the next request' });
    expect(await runsMade(service)).toBe(before);
  });
});

describe('keys', () => {
  it('come as Token or Bearer; a wrong one is 401 as there', async () => {
    expect((await listen(one.wav)).results.channels).toHaveLength(1);
    const bearer = clientWith({ accessToken: KEY });
    expect(await bearer.listen.v1.media.transcribeFile(one.wav, {})).toMatchObject({ metadata: { channels: 1 } });
    const wrong = clientWith({ apiKey: 'wrong' });
    const call = wrong.listen.v1.media.transcribeFile(one.wav, {});
    expect(await refusal(call)).toMatchObject({ status: 401, code: 'INVALID_AUTH' });
    const none = await send(`${service.url}/v1/listen`, { method: 'POST', body: new Uint8Array(one.wav) });
    expect([none.status, deepgramErrorSchema.parse(none.json).err_code]).toEqual([401, 'INVALID_AUTH']);
  });
});
