import { createReadStream } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { type Service, startService, temporaryFolder } from '@sotto/testkit';
import OpenAI, { toFile } from 'openai';
import type { TranscriptionVerbose } from 'openai/resources/audio/transcriptions';
import { transcriptionSchema, verboseSchema } from '../src/openai/answers.ts';
import { leavesNothing } from './support/fleet.ts';
import { clientOf, file, heardText, model, refused } from './support/openai.ts';
import { recording, type SpokenRecording } from './support/recordings.ts';
import { runsMade } from './support/runs.ts';
import { expectHeard } from './support/speech.ts';

jest.setTimeout(60_000);

let service: Service;
let client: OpenAI;
let one: SpokenRecording;
let folder: string;
/** What this service's own API says of `one`. */
let heard: string;

beforeAll(async () => {
  folder = await temporaryFolder('openai');
  [service, one] = await Promise.all([
    startService({
      apiEnv: { OPENAI_MODEL_MAP: 'gpt-4o-transcribe=sotto-nano,my-model=sotto-nano,gone=large-v3' },
    }),
    recording(11),
  ]);
  client = clientOf(service.url);
  heard = await heardText(service.url, one);
  expectHeard(heard, one.text);
});

afterAll(async () => {
  await service?.close();
  await rm(folder, { recursive: true, force: true });
});

describe('audio.transcriptions.create', () => {
  it('gives the text and the seconds it was charged for', async () => {
    const transcription = await client.audio.transcriptions.create({ file: await file(one), model });
    expect(transcriptionSchema.strict().parse(transcription)).toEqual({
      text: heard,
      usage: { type: 'duration', seconds: Math.ceil(one.durationMs / 1000) },
    });
  });

  it('takes a file from the disk, and tells its request', async () => {
    const path = join(folder, 'speech.wav');
    await writeFile(path, one.wav);
    const call = client.audio.transcriptions.create({ file: createReadStream(path), model });
    const { data, response, request_id: requestId } = await call.withResponse();
    expect(data.text).toBe(heard);
    expect(response.headers.get('x-request-id')).toBe(requestId);
    expect(response.headers.get('x-job-id')).toMatch(/^[0-9a-f-]{36}$/);
    expect(response.headers.get('warning')).toMatch(/sotto-nano/i);
  });

  it('takes a part without a usable name or type', async () => {
    const blob = new File([new Uint8Array(one.wav)], 'unknown_file');
    expect((await client.audio.transcriptions.create({ file: blob, model })).text).toBe(heard);
  });

  it.each([
    ['text', /^\S.*\n$/],
    ['srt', /^1\n00:00:0\d,\d{3} --> 00:00:0\d,\d{3}\n\S/],
    ['vtt', /^WEBVTT\n\n00:00:0\d\.\d{3} --> /],
  ] as const)('gives %s as a string', async (format, shape) => {
    const call = client.audio.transcriptions.create({ file: await file(one), model, response_format: format });
    const { data, response } = await call.withResponse();
    expect(data).toMatch(shape);
    expect(response.headers.get('content-type')).toBe('text/plain; charset=utf-8');
  });

  const verbose = async (granularities?: ('word' | 'segment')[]): Promise<TranscriptionVerbose> =>
    client.audio.transcriptions.create({
      file: await file(one),
      model,
      response_format: 'verbose_json',
      ...(granularities && { timestamp_granularities: granularities }),
    });

  it('gives verbose_json with segments', async () => {
    const result = verboseSchema.strict().parse(await verbose());
    expect(result).toMatchObject({ task: 'transcribe', language: 'english', text: heard });
    expect(result.duration).toBeCloseTo(one.durationMs / 1000, 2);
    expect(result.words).toBeUndefined();
    expect(
      result.segments
        ?.map(({ text }) => text)
        .join('')
        .trim(),
    ).toBe(heard);
    expect(Object.keys(result.segments?.[0] ?? {}).sort()).toEqual(
      [
        'avg_logprob',
        'compression_ratio',
        'end',
        'id',
        'no_speech_prob',
        'seek',
        'start',
        'temperature',
        'text',
        'tokens',
      ].sort(),
    );
  });

  it.each([
    [['word'], false, true],
    [['segment'], true, false],
    [['word', 'segment'], true, true],
  ] as const)('gives %j as asked', async (granularities, hasSegments, hasWords) => {
    const result = await verbose([...granularities]);
    expect([result.segments !== undefined, result.words !== undefined]).toEqual([hasSegments, hasWords]);
    if (!hasWords) return;
    expect(result.words?.map(({ word }) => word).join(' ')).toBe(heard);
    for (const word of result.words ?? []) expect(Object.keys(word).sort()).toEqual(['end', 'start', 'word']);
  });

  it('gives log-probabilities of words that make up the text', async () => {
    const result = await client.audio.transcriptions.create({ file: await file(one), model, include: ['logprobs'] });
    const logprobs = result.logprobs ?? [];
    expect(
      logprobs
        .map(({ token }) => token)
        .join('')
        .trim(),
    ).toBe(heard);
    expect(
      Buffer.from(logprobs.flatMap(({ bytes }) => bytes ?? []))
        .toString()
        .trim(),
    ).toBe(heard);
    for (const { logprob = 1 } of logprobs) expect(logprob).toBeLessThanOrEqual(0);
  });

  it('takes language and temperature, and a prompt, which the model may heed', async () => {
    const create = async (options: object) =>
      client.audio.transcriptions.create({ file: await file(one), model, ...options });
    expect((await create({ language: 'en', temperature: 0 })).text).toBe(heard);
    expect((await create({ prompt: 'Numbers and colours.' })).text).toEqual(expect.any(String));
  });

  it.each(['auto', { type: 'server_vad' }] as const)('takes chunking_strategy %j', async (strategy) => {
    const body = { file: await file(one), model, chunking_strategy: strategy };
    expect((await client.audio.transcriptions.create(body)).text).toBe(heard);
  });

  it('takes the numbers of a server_vad, and says that they have no effect', async () => {
    const strategy = { type: 'server_vad', threshold: 0.5, silence_duration_ms: 200 } as const;
    const body = { file: await file(one), model, chunking_strategy: strategy };
    const { data, response } = await client.audio.transcriptions.create(body).withResponse();
    expect(data.text).toBe(heard);
    expect(response.headers.get('warning')).toMatch(
      /chunking_strategy\.silence_duration_ms.*chunking_strategy\.threshold/,
    );
  });

  it.each([
    'gpt-4o-transcribe',
    'gpt-4o-mini-transcribe',
    'gpt-4o-mini-transcribe-2025-12-15',
    'my-model',
    'sotto-nano',
  ])('knows the model %s', async (name) => {
    expect((await client.audio.transcriptions.create({ file: await file(one), model: name })).text).toBe(heard);
  });

  it('transcribes equal work once, whatever its format', async () => {
    const spoken = await recording(13);
    await client.audio.transcriptions.create({ file: await file(spoken), model });
    const before = await runsMade(service);
    await client.audio.transcriptions.create({ file: await file(spoken), model, response_format: 'srt' });
    expect(await runsMade(service)).toBe(before);
  });
});

describe('audio.translations.create', () => {
  it('gives text, json and verbose_json', async () => {
    const create = client.audio.translations.create.bind(client.audio.translations);
    const json = await create({ file: await file(one), model });
    expect(json.text).toEqual(expect.any(String));
    expect(await create({ file: await file(one), model, response_format: 'text' })).toBe(
      json.text === '' ? '' : `${json.text}\n`,
    );
    const verbose = verboseSchema.parse(
      await create({ file: await file(one), model, response_format: 'verbose_json' }),
    );
    expect(verbose).toMatchObject({ task: 'translate', language: 'english', text: json.text });
  });

  it('refuses what only transcriptions have', async () => {
    const body = { file: await file(one), model, stream: true } as never;
    expect(await refused(client.audio.translations.create(body))).toMatchObject({ status: 400, code: 'unknown_field' });
  });
});

describe('models', () => {
  it('are listed, with the names OpenAI gives them', async () => {
    const ids = [];
    for await (const { id, object, owned_by: owner } of client.models.list()) {
      expect([object, typeof owner]).toEqual(['model', 'string']);
      ids.push(id);
    }
    expect(ids).toEqual(expect.arrayContaining(['sotto-nano', 'whisper-1', 'gpt-4o-transcribe', 'my-model']));
  });

  it('are told one by one', async () => {
    expect(await client.models.retrieve('sotto-nano')).toMatchObject({ id: 'sotto-nano', object: 'model' });
    expect(await client.models.retrieve('whisper-1')).toMatchObject({ id: 'whisper-1', installed: true });
    const error = await refused(client.models.retrieve('no-such-model'));
    expect(error).toBeInstanceOf(OpenAI.NotFoundError);
    expect(error).toMatchObject({ code: 'model_not_found', param: 'model', type: 'invalid_request_error' });
  });
});

describe('what cannot be done is refused', () => {
  const bodies: [string, Record<string, unknown>, Record<string, unknown>][] = [
    ['an unknown model', { model: 'no-such-model' }, { status: 404, code: 'model_not_found', param: 'model' }],
    ['a model that is not installed', { model: 'gone' }, { status: 404, code: 'model_not_found', param: 'model' }],
    ['no model', { model: undefined }, { status: 400, param: 'model' }],
    ['an unknown format', { response_format: 'docx' }, { status: 400, param: 'response_format' }],
    ['known speakers', { known_speaker_names: ['Ann'] }, { status: 400, param: 'known_speaker_names' }],
    [
      'samples of known speakers',
      { known_speaker_references: [`data:audio/wav;base64,${'A'.repeat(40_000)}`] },
      { status: 400, param: 'known_speaker_references' },
    ],
    ['an unknown language', { language: 'klingon' }, { status: 400, param: 'language' }],
    ['a temperature above 1', { temperature: 1.5 }, { status: 400, param: 'temperature' }],
    ['words without verbose_json', { timestamp_granularities: ['word'] }, { status: 400 }],
    [
      'an unknown granularity',
      { response_format: 'verbose_json', timestamp_granularities: ['phoneme'] },
      { status: 400 },
    ],
    ['logprobs of captions', { response_format: 'srt', include: ['logprobs'] }, { status: 400, param: 'include' }],
    ['an unknown include', { include: ['everything'] }, { status: 400, param: 'include' }],
    ['a stream of captions', { response_format: 'vtt', stream: true }, { status: 400, param: 'stream' }],
    ['an unknown chunking_strategy', { chunking_strategy: 'manual' }, { status: 400, param: 'chunking_strategy' }],
    ['an unknown field', { hotwords: 'x' }, { status: 400, code: 'unknown_field' }],
  ];

  it.each(bodies)('%s', async (_what, changes, expected) => {
    const body = { file: await file(one), model, ...changes } as never;
    const error = await refused(client.audio.transcriptions.create(body));
    expect(error).toMatchObject({ type: 'invalid_request_error', ...expected });
    expect(error.headers?.get('x-should-retry')).toBe('false');
    expect(error.requestID).toEqual(expect.any(String));
  });

  it('a file that is no recording, an empty one, none at all', async () => {
    const create = (upload: Awaited<ReturnType<typeof toFile>>) =>
      client.audio.transcriptions.create({ file: upload, model });
    const text = await toFile(Buffer.from('These are words.\n'.repeat(500)), 'words.mp3');
    expect(await refused(create(text))).toMatchObject({ status: 400, code: 'invalid_file_format', param: 'file' });
    const empty = await toFile(Buffer.alloc(0), 'empty.wav');
    expect(await refused(create(empty))).toMatchObject({ status: 400, code: 'empty_file', param: 'file' });
    const nothing = client.audio.transcriptions.create({ model } as never);
    expect(await refused(nothing)).toMatchObject({ status: 400, code: 'file_missing', param: 'file' });
  });

  it('addresses that do not exist, in the same shape', async () => {
    expect(await refused(client.get('/audio/nothing'))).toMatchObject({ status: 404, code: 'not_found' });
    expect(await refused(client.get('/audio/transcriptions'))).toMatchObject({ status: 405 });
  });
});

it('leaves no blob and no job behind', async () => {
  await leavesNothing(service, service.redis.client());
});

describe('forms as other clients write them', () => {
  const post = async (fields: [string, string][]) => {
    const form = new FormData();
    form.append('file', new Blob([new Uint8Array(one.wav)]), 'speech.wav');
    form.append('model', model);
    for (const [name, value] of fields) form.append(name, value);
    const response = await fetch(`${service.url}/v1/audio/transcriptions`, { method: 'POST', body: form });
    return { status: response.status, json: (await response.json()) as Record<string, unknown> };
  };

  it.each<[string, [string, string][]]>([
    ['bare, once', [['timestamp_granularities', 'word']]],
    [
      'bare, twice',
      [
        ['timestamp_granularities', 'word'],
        ['timestamp_granularities', 'segment'],
      ],
    ],
    ['with brackets', [['timestamp_granularities[]', 'word']]],
    ['with numbers', [['timestamp_granularities[0]', 'word']]],
  ])('timestamp_granularities %s', async (_how, fields) => {
    const { status, json } = await post([['response_format', 'verbose_json'], ...fields]);
    expect({ status, words: Array.isArray(json.words) }).toEqual({ status: 200, words: true });
  });

  it('chunking_strategy as JSON text, nulls by their name', async () => {
    const chunking: [string, string] = ['chunking_strategy', '{"type":"server_vad","threshold":0.4}'];
    expect((await post([chunking, ['stream', 'false']])).status).toBe(200);
    expect(
      (
        await post([
          ['chunking_strategy', 'null'],
          ['stream', 'null'],
        ])
      ).status,
    ).toBe(200);
    expect((await post([['chunking_strategy', '{"type":"server_vad"']])).status).toBe(400);
  });
});
