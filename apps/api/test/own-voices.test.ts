/** Voices that keys make of samples: with a consent, theirs alone, and gone with it. */
import { afterAll, beforeAll, expect, it, jest } from '@jest/globals';
import { type AuditEntry, wireOwnVoiceSchema, wireSpokenVoiceListSchema, wireVoiceUsageSchema } from '@sotto/contracts';
import {
  concat,
  describeWith,
  encodeWav,
  filesUnder,
  linkModel,
  linkVoices,
  matchingParts,
  pause,
  type Service,
  speakerModelFile,
  startService,
  temporaryFolder,
  tone,
  waitFor,
} from '@sotto/testkit';
import { openAiErrorSchema } from '../src/openai/errors.ts';
import { monologue } from './support/dialogue.ts';
import { storeOwnVoice } from './support/own-voices.ts';
import { expectError, type Reply, send } from './support/replies.ts';

jest.setTimeout(240_000);

const ANNA = 0;
const SENTENCES =
  'I am somebody else, and I have agreed to nothing. I walked along the river until the sun went down, and then I went home again.';
const CONSENT = 'recording';
const SAMPLE = 'audio_sample';
const speakers = await speakerModelFile();
const parts = await matchingParts();

/** Of one key, on a service that has keys. */
class Caller {
  readonly service: Service;
  readonly key: string;

  constructor(service: Service, key: string) {
    this.service = service;
    this.key = key;
  }

  async call(method: string, path: string, body?: object): Promise<Reply> {
    const json = body !== undefined && { body: JSON.stringify(body) };
    const headers = { 'X-API-Key': this.key, ...(json && { 'Content-Type': 'application/json' }) };
    return send(this.service.url + path, { method, headers, ...json });
  }

  /** `samples`: of a WAV file, or the bytes of any. */
  async post(path: string, field: string, samples: Int16Array | Uint8Array, fields: object): Promise<Reply> {
    const form = new FormData();
    for (const [name, value] of Object.entries(fields)) form.append(name, String(value));
    const bytes = samples instanceof Int16Array ? encodeWav(samples) : samples;
    form.append(field, new Blob([new Uint8Array(bytes)]), 'speech.wav');
    return send(this.service.url + path, { method: 'POST', headers: { 'X-API-Key': this.key }, body: form });
  }

  consent(samples: Int16Array | Uint8Array, fields: object = { name: 'Anna', language: 'en-US' }): Promise<Reply> {
    return this.post('/v1/audio/voice_consents', CONSENT, samples, fields);
  }

  voice(samples: Int16Array | Uint8Array, consent: unknown, name = 'Anna'): Promise<Reply> {
    return this.post('/v1/audio/voices', SAMPLE, samples, { name, consent });
  }

  list = async () => wireSpokenVoiceListSchema.parse((await this.call('GET', '/voices')).json);
}

const ADMIN = 'the admin key';

async function serviceWith(modelDir?: string): Promise<{ service: Service; callers: Caller[]; ids: string[] }> {
  const service = await startService({
    roles: [['prepare', 'speak']],
    apiEnv: { ENABLE_API_KEY: 'true', ADMIN_API_KEY: ADMIN },
    ...(modelDir !== undefined && { modelDir }),
  });
  const admin = new Caller(service, ADMIN);
  const made = [
    await admin.call('POST', '/admin/keys', { name: 'a' }),
    await admin.call('POST', '/admin/keys', { name: 'b' }),
  ];
  return {
    service,
    callers: made.map(({ json }) => new Caller(service, String(json?.key))),
    ids: made.map(({ json }) => String(json?.id)),
  };
}

function expectOpenAiError({ status, json }: Reply, expected: number, code: string): void {
  const { error } = openAiErrorSchema.parse(json);
  expect({ status, code: error.code, message: error.message }).toEqual({
    status: expected,
    code,
    message: expect.any(String),
  });
}

describeWith(speakers, 'a service without Kokoro', (file) => {
  let service: Service;
  let caller: Caller;
  let other: Caller;

  beforeAll(async () => {
    const started = await serviceWith();
    ({ service } = started);
    [caller, other] = started.callers as [Caller, Caller];
    await linkModel(file, service.modelDir);
  });
  afterAll(() => service?.close({ leftovers: true }));

  const files = () => filesUnder(service.blobFolder);

  it('stores consents as OpenAI does, for their key alone, and deletes them with their recording', async () => {
    const reply = await caller.consent(await monologue(ANNA, 1));
    expect(reply.json).toEqual({
      id: expect.stringMatching(/^cons_[0-9a-f]{32}$/),
      created_at: expect.any(Number),
      language: 'en-US',
      name: 'Anna',
      object: 'audio.voice_consent',
    });
    const path = `/v1/audio/voice_consents/${reply.json?.id}`;
    expect((await caller.call('GET', path)).json).toEqual(reply.json);
    const list = await caller.call('GET', '/v1/audio/voice_consents');
    const ends = { first_id: reply.json?.id, last_id: reply.json?.id };
    expect(list.json).toEqual({ object: 'list', data: [reply.json], ...ends, has_more: false });
    const renamed = await caller.call('POST', path, { name: 'Anna B.' });
    expect(renamed.json).toEqual({ ...reply.json, name: 'Anna B.' });
    for (const [method, body] of [['GET'], ['POST', { name: 'mine' }], ['DELETE']] as const) {
      expectOpenAiError(await other.call(method, path, body), 404, 'consent_not_found');
    }
    expect((await other.call('GET', '/v1/audio/voice_consents')).json).toMatchObject({ data: [] });
    await waitFor(async () => (await files()).length === 1, { what: 'only the recording to be left' });
    const deleted = await caller.call('DELETE', path);
    expect(deleted.json).toEqual({ id: reply.json?.id, deleted: true, object: 'audio.voice_consent' });
    expect(await files()).toEqual([]);
    expectOpenAiError(await caller.call('GET', path), 404, 'consent_not_found');
  });

  it('refuses what is no speech of one person, and what it cannot use, and keeps nothing of it', async () => {
    const second = 16_000;
    expectOpenAiError(await caller.consent(tone(5 * second)), 400, 'sample_not_usable');
    const silent = await caller.consent(pause(3_000));
    expectOpenAiError(silent, 400, 'sample_not_usable');
    expect(silent.json?.error).toMatchObject({ param: CONSENT });
    expectOpenAiError(
      await caller.consent(new TextEncoder().encode('I agree. '.repeat(2_000))),
      400,
      'invalid_file_format',
    );
    expectOpenAiError(await caller.consent(encodeWav(pause(400_000))), 413, 'file_too_large');
    const speech = await monologue(ANNA, 1);
    expectOpenAiError(await caller.consent(speech, { name: 'Anna' }), 400, 'invalid_parameter');
    expectOpenAiError(await caller.consent(speech, { name: 'Anna', language: 'en', more: 1 }), 400, 'unknown_field');
    await waitFor(async () => (await files()).length === 0, { what: 'all files to go' });
  });

  it('says what is missing to make a voice', async () => {
    const reply = await caller.voice(await monologue(ANNA, 2), 'cons_1');
    expectOpenAiError(reply, 503, 'speech_unavailable');
    expect(reply.text).toContain('sotto voices install kokoro');
  });

  it('keeps the voices of a key from others, tells its audit log, and forgets them with the key', async () => {
    const { json } = await new Caller(service, ADMIN).call('POST', '/admin/keys', { name: 'c' });
    const third = new Caller(service, String(json?.key));
    const { id, name } = await storeOwnVoice(service, String(json?.id), 'Clara');
    expect((await third.list()).own).toMatchObject([{ id, name, kind: 'matched', status: 'ready', similarity: 0.4 }]);
    expect((await caller.list()).own).toBeUndefined();
    for (const [method, body] of [['GET'], ['PATCH', { name: 'mine' }], ['DELETE']] as const) {
      expectError(await caller.call(method, `/voices/${id}`, body), 404, 'voice_not_found');
    }
    expectOpenAiError(await caller.call('DELETE', `/v1/audio/voices/${id}`), 404, 'voice_not_found');
    expectError(await caller.call('POST', '/speak', { text: 'Hello.', voice: id }), 404, 'voice_not_found');
    expectError(await third.call('POST', '/speak', { text: 'Hello.', voice: id }), 503, 'speech_unavailable');
    const within = { text: `<speak><voice name="${id}">Hello.</voice></speak>`, text_format: 'ssml' };
    const whyNot = async (who: Caller) => {
      const spoken = await who.call('POST', '/speak', within);
      const told = await who.call('GET', `/jobs/${spoken.headers.get('x-job-id')}/result?format=json`);
      return JSON.stringify(told.json?.warnings);
    };
    expect(await whyNot(caller)).toContain(`There is no voice \\"${id}\\" here.`);
    expect(await whyNot(third)).toContain('The voice needs kokoro');
    expect((await third.call('PATCH', `/voices/${id}`, { name: 'Dora' })).json).toMatchObject({ id, name: 'Dora' });
    const admin = new Caller(service, ADMIN);
    const audited = async () =>
      ((await admin.call('GET', '/admin/audit?action=voice.change')).json as { entries: AuditEntry[] }).entries;
    await waitFor(async () => (await audited()).length > 0, { what: 'the entry of the audit log' });
    expect(await audited()).toEqual([expect.objectContaining({ target: id, key_id: json?.id, status: 200 })]);
    const other = await storeOwnVoice(service, String(json?.id), 'Emma');
    const deleted = await third.call('DELETE', `/v1/audio/voices/${other.id}`);
    expect(deleted.json).toEqual({ id: other.id, deleted: true, object: 'audio.voice.deleted' });
    expect((await third.list()).own).toMatchObject([{ id }]);
    await admin.call('DELETE', `/admin/keys/${json?.id}`);
    expect(await service.redis.client().exists(`${service.prefix}:own-voices:${json?.id}`)).toBe(0);
  });
});

describeWith(parts, 'a service with Kokoro', ({ speakerModel, voices }) => {
  let service: Service;
  let caller: Caller;
  let consent: string;
  let id: string;

  beforeAll(async () => {
    const modelDir = await temporaryFolder('own-voices');
    await linkModel(speakerModel, modelDir);
    await linkVoices(voices, modelDir);
    const started = await serviceWith(modelDir);
    ({ service } = started);
    [caller] = started.callers as [Caller];
    await waitFor(async () => (await caller.list()).voices.length > 10, { what: 'the voices', timeoutMs: 60_000 });
    consent = String((await caller.consent(await monologue(ANNA, 1))).json?.id);
  });
  afterAll(() => service?.close({ leftovers: true }));

  it('begins to make a voice, and shows how far it is', async () => {
    const reply = await caller.voice(await monologue(ANNA, 2), consent);
    expect(reply.json).toEqual({
      id: expect.stringMatching(/^voice_[0-9a-f]{32}$/),
      created_at: expect.any(Number),
      name: 'Anna',
      object: 'audio.voice',
      type: 'audio_sample',
    });
    id = String(reply.json?.id);
    const shown = wireOwnVoiceSchema.parse((await caller.call('GET', `/voices/${id}`)).json);
    expect(shown).toMatchObject({ id, name: 'Anna', kind: 'matched', status: 'processing', consent });
    expect(shown.job_id).toBe(reply.headers.get('x-job-id'));
    expect((await caller.list()).own).toMatchObject([{ id, status: 'processing' }]);
    expectError(await caller.call('POST', '/speak', { text: 'Hello.', voice: id }), 409, 'voice_not_ready');
  });

  it('makes none of somebody else, nor without a consent, nor of a minute', async () => {
    const body = JSON.stringify({ text: SENTENCES, voice: 'am_michael', response_format: 'wav' });
    const headers = { 'X-API-Key': caller.key, 'Content-Type': 'application/json' };
    const stranger = await fetch(`${service.url}/speak`, { method: 'POST', headers, body });
    const heard = await caller.voice(new Uint8Array(await stranger.arrayBuffer()), consent);
    expectOpenAiError(heard, 400, 'sample_not_usable');
    expect(heard.text).toContain('is not the person');
    expect(heard.json?.error).toMatchObject({ param: SAMPLE });
    expectOpenAiError(await caller.voice(await monologue(ANNA, 2), `cons_${'0'.repeat(32)}`), 404, 'consent_not_found');
    const long = concat(await monologue(ANNA, 2), pause(40_000));
    expectOpenAiError(await caller.voice(long, consent), 400, 'audio_too_long');
    expect((await caller.list()).own).toHaveLength(1);
  });

  it('loses it with its consent: the work stops, and no file stays', async () => {
    const shown = wireOwnVoiceSchema.parse((await caller.call('GET', `/voices/${id}`)).json);
    expect((await caller.call('DELETE', `/v1/audio/voice_consents/${consent}`)).status).toBe(200);
    expectError(await caller.call('GET', `/voices/${id}`), 404, 'voice_not_found');
    expect((await caller.call('GET', `/status/${shown.job_id}`)).json?.status).toBe('cancelled');
    // What the stranger has said stays as long as its job.
    const files = async () => (await filesUnder(service.blobFolder)).filter((path) => !/results|pieces/.test(path));
    await waitFor(async () => (await files()).length === 0, { what: 'all files to go' });
  });

  it('speaks with one that is ready, at both doors, as long as it is there', async () => {
    const keys = (await new Caller(service, ADMIN).call('GET', '/admin/keys')).json as {
      keys: { id: string; name: string }[];
    };
    const own = await storeOwnVoice(service, keys.keys.find(({ name }) => name === 'a')?.id ?? '', 'Heart');
    expect((await caller.list()).voices[0]).toMatchObject({
      id: own.id,
      name: 'Heart',
      kind: 'matched',
      similarity: 0.4,
    });
    const text = 'A voice of its own.';
    const bytesOf = async (path: string, body: object) => {
      const headers = { 'X-API-Key': caller.key, 'Content-Type': 'application/json' };
      const response = await fetch(service.url + path, { method: 'POST', headers, body: JSON.stringify(body) });
      expect(response.status).toBe(200);
      return (await response.arrayBuffer()).byteLength;
    };
    const spoken = (voice: unknown) =>
      bytesOf('/v1/audio/speech', { model: 'tts-1', input: text, voice, response_format: 'pcm' });
    // All of it is one of Kokoro's, so that it is known how long it speaks.
    const plain = await spoken('af_heart');
    expect(plain).toBeGreaterThan(24_000);
    expect(await spoken({ id: own.id })).toBe(plain);
    const asked = { text, voice: own.id, response_format: 'pcm' };
    expect(await bytesOf('/speak', asked)).toBe(plain);
    // The second door found what the first had had spoken.
    const used = async () => wireVoiceUsageSchema.parse((await caller.call('GET', '/usage/voices')).json).voices;
    expect(await used()).toContainEqual(expect.objectContaining({ voice: own.id, jobs: 1, characters: text.length }));
    expect((await caller.list()).own).toMatchObject([{ id: own.id, uses: 1 }]);
    const within = `<speak>First. <voice name="${own.id}">Second.</voice></speak>`;
    const mixed = { text: within, text_format: 'ssml', voice: 'am_michael', response_format: 'pcm' };
    const stock = { ...mixed, text: within.replace(own.id, 'af_heart') };
    expect(await bytesOf('/speak', mixed)).toBe(await bytesOf('/speak', stock));
    expect((await caller.list()).own).toMatchObject([{ id: own.id, uses: 2 }]);
    expect((await caller.call('DELETE', `/voices/${own.id}`)).status).toBe(204);
    expect((await used()).map(({ voice }) => voice)).not.toContain(own.id);
    expectError(await caller.call('POST', '/speak', asked), 404, 'voice_not_found');
  });
});
