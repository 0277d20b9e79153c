/** Known voices: stored with consent, recognized with a margin, and gone when they are deleted. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import {
  type AuditEntry,
  type WireVoice,
  wireTranscriptSchema,
  wireVerboseTranscriptSchema,
  wireVoiceListSchema,
  wireVoiceSchema,
} from '@sotto/contracts';
import { Voices } from '@sotto/queue';
import {
  concat,
  describeWith,
  encodeWav,
  filesUnder,
  linkModel,
  pause,
  type Service,
  speakerModelFile,
  startService,
  tone,
  waitFor,
} from '@sotto/testkit';
import { toFile } from 'openai';
import { diarizedSchema } from '../src/openai/diarized.ts';
import { dialogue, monologue, STRANGER } from './support/dialogue.ts';
import { accepted, ended, remove, statusOf } from './support/jobs.ts';
import { clientOf, refused } from './support/openai.ts';
import { expectError, formOf, type Reply, send, transcribe } from './support/replies.ts';

jest.setTimeout(180_000);

const CONSENT = 'signed form of 2026-11-20';
const ADMIN = 'the admin key';
const [ANNA, BEN] = [0, 1];
const model = await speakerModelFile();

describeWith(model, 'known voices', (file) => {
  let service: Service;
  let talk: Uint8Array;
  let voiceOfAnna: WireVoice;

  beforeAll(async () => {
    service = await startService({ apiEnv: { ENABLE_KNOWN_VOICES: 'true' } });
    await linkModel(file, service.modelDir);
    talk = encodeWav((await dialogue(6)).samples);
    voiceOfAnna = wireVoiceSchema.parse((await enrol('Anna', await monologue(ANNA, 2))).json);
  });

  afterAll(async () => {
    const { voices } = wireVoiceListSchema.parse((await send(`${service.url}/voices/speakers`)).json);
    for (const { id } of voices) await removeVoice(id);
    await service?.close();
  });

  const enrol = (name: string, samples: Int16Array): Promise<Reply> =>
    send(`${service.url}/voices/speakers`, {
      method: 'POST',
      body: formOf({ bytes: encodeWav(samples) }, { name, consent: CONSENT }),
    });

  const allSamplesGone = () =>
    waitFor(async () => (await filesUnder(service.blobFolder)).length === 0, { what: 'all samples to go' });

  const removeVoice = (id: string) => send(`${service.url}/voices/speakers/${id}`, { method: 'DELETE' });

  async function namesIn(fields: Record<string, string>): Promise<string[]> {
    const reply = await transcribe(service.url, { bytes: talk }, { response_format: 'verbose_json', ...fields });
    if (reply.status !== 200) throw new Error(reply.text);
    return (wireVerboseTranscriptSchema.parse(reply.json).speakers ?? []).map(({ name }) => name);
  }

  async function namesOf(jobId: string): Promise<string[]> {
    const { json } = await send(`${service.url}/jobs/${jobId}/result?format=json`);
    return wireTranscriptSchema.parse(json).speakers?.map(({ name }) => name) ?? [];
  }

  it('are shown without what they sound like; nothing of the sample is left', async () => {
    expect(voiceOfAnna).toMatchObject({ name: 'Anna', consent: CONSENT, model: 'community-1' });
    expect(voiceOfAnna.seconds).toBeGreaterThan(5);
    const shown = await send(`${service.url}/voices/speakers/${voiceOfAnna.id}`);
    expect(shown.json).toEqual(voiceOfAnna);
    const listed = await send(`${service.url}/voices/speakers`);
    expect(listed.json).toEqual({ voices: [voiceOfAnna] });
    await allSamplesGone();
  });

  it('are recognized in another recording, and strangers are not', async () => {
    expect(await namesIn({ known_speakers: 'anna' })).toEqual(['Anna', 'Speaker 2']);
    const stranger = wireVoiceSchema.parse((await enrol('Clara', await monologue(STRANGER, 2))).json);
    expect(await namesIn({ known_speakers: 'all' })).toEqual(['Anna', 'Speaker 2']);
    expect(await namesIn({ known_speakers: 'Clara' })).toEqual(['Speaker 1', 'Speaker 2']);
    await removeVoice(stranger.id);
  });

  it('are each one speaker; names of the request count first', async () => {
    const ben = wireVoiceSchema.parse((await enrol('Ben', await monologue(BEN, 2))).json);
    expect(await namesIn({ known_speakers: 'Anna, BEN' })).toEqual(['Anna', 'Ben']);
    expect(await namesIn({ known_speakers: 'all', speaker_names: 'Dora' })).toEqual(['Dora', 'Ben']);
    await removeVoice(ben.id);
  });

  it('are not recognized once they are deleted, not even in work that was accepted before', async () => {
    const id = wireVoiceSchema.parse((await enrol('Ben', await monologue(BEN, 2))).json).id;
    const job = await accepted(service.url, talk, { known_speakers: 'all', keep_audio: '3600' });
    await ended(service.url, job);
    expect(await namesOf(job)).toEqual(['Anna', 'Ben']);
    expect((await removeVoice(id)).status).toBe(204);
    expectError(await removeVoice(id), 404, 'voice_not_found');
    expectError(await transcribe(service.url, { bytes: talk }, { known_speakers: 'Ben' }), 404, 'voice_not_found');
    await tell(job, { known_speakers: 'all' });
    expect(await namesOf(job)).toEqual(['Anna', 'Speaker 2']);
    await tell(job, {});
    expect(await namesOf(job)).toEqual(['Speaker 1', 'Speaker 2']);
    expectError(await ask(job, { known_speakers: ['Ben'] }), 404, 'voice_not_found');
    expectError(await ask(job, { known_speakers: 'Ben' }), 422, 'invalid_parameter');
    await remove(service.url, job);
  });

  const ask = (job: string, hints: Record<string, unknown>) =>
    send(`${service.url}/jobs/${job}/speakers`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify(hints),
    });

  async function tell(job: string, hints: Record<string, unknown>): Promise<void> {
    expect((await ask(job, hints)).status).toBe(202);
    await waitFor(async () => (await statusOf(service.url, job)).speakers === 'completed', {
      what: 'the speakers',
      timeoutMs: 60_000,
    });
  }

  it('do not show in the job that heard them, nor in any key that stays', async () => {
    const reply = await enrol('Ben', await monologue(BEN, 2));
    const job = String(reply.headers.get('x-job-id'));
    const redis = service.redis.client();
    const record = JSON.parse((await redis.hget(`${service.prefix}:voices:-`, String(reply.json?.id))) ?? '') as Record<
      string,
      string
    >;
    const embedding = String(record.embedding);
    for (const path of [`/status/${job}`, `/jobs/${job}`, '/jobs', `/voices/speakers/${reply.json?.id}`]) {
      const { status, text } = await send(service.url + path);
      expect([path, status, text.includes(embedding)]).toEqual([path, 200, false]);
    }
    expectError(await send(`${service.url}/jobs/${job}/result`), 409, 'no_transcript');
    const runId = String(await redis.hget(`${service.prefix}:request:${job}`, 'runId'));
    const [run, result] = await Promise.all(
      [`run:${runId}`, `run:${runId}:transcript`].map((key) => redis.pttl(`${service.prefix}:${key}`)),
    );
    for (const ttl of [run, result]) expect(ttl).toBeLessThanOrEqual(300_000);
    await removeVoice(String(reply.json?.id));
  });

  it.each([
    ['music', async () => tone(8_000, 440), /^Nobody is heard/],
    ['silence', async () => pause(8_000), /^Nobody is heard/],
    [
      'too little speech',
      async () => monologue(ANNA, 1),
      /^\d\.\d s of speech are heard in it; at least 5 s are needed/,
    ],
    ['two people', async () => (await dialogue(4)).samples, /^2 people are heard/],
  ])('are not made of %s', async (_, samples, detail) => {
    const reply = await enrol('Nobody', await samples());
    expectError(reply, 422, 'sample_not_usable');
    expect(reply.json?.detail).toMatch(detail);
    await allSamplesGone();
  });

  it('are not made of what is no sample at all', async () => {
    expectError(await enrol('Nobody', pause(20)), 422, 'audio_too_short');
    expectError(await enrol('Nobody', pause(121_000)), 422, 'audio_too_long');
    expectError(await enrol('ANNA', await monologue(ANNA, 2)), 409, 'voice_exists');
  });

  describe("OpenAI's client", () => {
    const dataUrl = (samples: Int16Array) =>
      `data:audio/wav;base64,${Buffer.from(encodeWav(samples)).toString('base64')}`;

    async function create(names: string[], references: string[], extra: Record<string, unknown> = {}) {
      const asked = {
        file: await toFile(talk, 'speech.wav'),
        model: 'whisper-1',
        response_format: 'diarized_json',
        known_speaker_names: names,
        known_speaker_references: references,
        ...extra,
      };
      return clientOf(service.url).audio.transcriptions.create(asked as never);
    }

    const short = async (who: number) => (await monologue(who, 2)).subarray(0, 16_000 * 8);

    it('brings along how speakers sound, for one request', async () => {
      const references = [dataUrl(await short(STRANGER)), dataUrl(await short(BEN))];
      const { segments } = diarizedSchema.parse(await create(['Clara', 'Ben'], references));
      expect(segments.map(({ speaker }) => speaker)).toEqual(['A', 'Ben', 'A', 'Ben', 'A', 'Ben']);
      const redis = service.redis.client();
      await waitFor(async () => (await redis.keys(`${service.prefix}:voices:*:*`)).length === 0, {
        what: 'the voices to be gone',
      });
      expect((await send(`${service.url}/voices/speakers`)).json).toEqual({ voices: [voiceOfAnna] });
    });

    it.each([
      ['0.3 s', async () => [dataUrl((await short(BEN)).subarray(8_000, 12_800))], /Ben cannot be used/],
      ['music', async () => [dataUrl(tone(4_000, 440))], /Nobody is heard/],
      ['11 s', async () => [dataUrl(concat(await short(BEN), pause(4_000)))], /At most 10.5 s/],
      ['no sound', async () => [`data:audio/wav;base64,${'A'.repeat(400)}`], /not a known audio/],
      ['an address', async () => ['https://example.org/ben.wav'], /must be a data URL/],
      ['two', async () => [dataUrl(await short(BEN)), dataUrl(await short(ANNA))], /as many/],
      ['five', async () => Array<string>(5).fill(dataUrl(pause(100))), /at most 4/],
    ])('is told why a reference of %s is refused', async (_, references, message) => {
      const error = await refused(create(['Ben'], await references()));
      expect([error.status, error.message]).toEqual([400, expect.stringMatching(message)]);
      expect(error.param).toMatch(/^known_speaker_/);
      await allSamplesGone();
    });

    it('is told that names go with diarized_json, each once', async () => {
      const reference = dataUrl(await short(BEN));
      const plain = await refused(create(['Ben'], [reference], { response_format: 'json' }));
      expect([plain.status, plain.param]).toEqual([400, 'known_speaker_names']);
      const twice = await refused(create(['Ben', 'BEN'], [reference, reference]));
      expect([twice.status, twice.param]).toEqual([400, 'known_speaker_names']);
    });
  });
});

describe('/voices/speakers', () => {
  let service: Service;
  let stored: Voices;
  let owner: { id: string; key: string };

  beforeAll(async () => {
    const apiEnv = { ENABLE_API_KEY: 'true', ADMIN_API_KEY: ADMIN, ENABLE_KNOWN_VOICES: 'true' };
    service = await startService({ workers: 0, apiEnv });
    stored = new Voices(service.redis.client(), { prefix: service.prefix, resultTtlSeconds: 60 });
    owner = await makeKey();
  });

  afterAll(async () => {
    await service?.close({ leftovers: true });
  });

  const call = (key: string, method: string, path: string, body?: FormData | string): Promise<Reply> =>
    send(service.url + path, {
      method,
      headers: { 'X-API-Key': key, ...(typeof body === 'string' && { 'Content-Type': 'application/json' }) },
      ...(body && { body }),
    });

  async function makeKey(scopes = ['transcribe', 'read']): Promise<{ id: string; key: string }> {
    const { json } = await call(ADMIN, 'POST', '/admin/keys', JSON.stringify({ name: 'a test', scopes }));
    return { id: String(json?.id), key: String(json?.key) };
  }

  async function store(keyId: string, name: string): Promise<string> {
    const id = randomUUID();
    const embedding = Buffer.alloc(1024, 1).toString('base64');
    const voice = { id, name, consent: CONSENT, createdAtMs: Date.now(), speechMs: 6_000, model: 'm', embedding };
    expect(await stored.put(keyId, voice, 100)).toBe('created');
    return id;
  }

  const create = (key: string, fields: Record<string, string>) =>
    call(key, 'POST', '/voices/speakers', formOf({ bytes: encodeWav(pause(300)) }, fields));

  it('is each key’s own, and what is deleted is in the audit log', async () => {
    const id = await store(owner.id, 'Zoë');
    const listed = wireVoiceListSchema.parse((await call(owner.key, 'GET', '/voices/speakers')).json);
    expect(listed.voices.map(({ name }) => name)).toEqual(['Zoë']);
    const other = await makeKey();
    expect((await call(other.key, 'GET', '/voices/speakers')).json).toEqual({ voices: [] });
    for (const method of ['GET', 'DELETE']) {
      expectError(await call(other.key, method, `/voices/speakers/${id}`), 404, 'voice_not_found');
    }
    const asked = formOf({ bytes: encodeWav(pause(300)) }, { async: 'true', known_speakers: 'Zoë' });
    expectError(await call(other.key, 'POST', '/transcribe', asked), 404, 'voice_not_found');
    expectError(await call((await makeKey(['read'])).key, 'GET', `/voices/speakers/${id}`), 403, 'forbidden');
    expect((await call(owner.key, 'DELETE', `/voices/speakers/${id}`)).status).toBe(204);
    expect(await stored.list(owner.id)).toEqual([]);
    await waitFor(
      async () => {
        const { entries } = (await call(ADMIN, 'GET', '/admin/audit?limit=100')).json as { entries: AuditEntry[] };
        return entries.some(({ action, target, key_id }) => {
          return action === 'voice.delete' && target === id && key_id === owner.id;
        });
      },
      { what: 'the audit log', timeoutMs: 10_000 },
    );
  });

  it('goes with its key', async () => {
    const { id, key } = await makeKey();
    await store(id, 'Anna');
    await call(ADMIN, 'DELETE', `/admin/keys/${id}`);
    expectError(await call(key, 'GET', '/voices/speakers'), 403, 'forbidden');
    expect(await stored.list(id)).toEqual([]);
  });

  it('takes a name once, whatever its case, and a hundred of them', async () => {
    const { id, key } = await makeKey();
    for (let at = 0; at < 99; at++) await store(id, `Voice ${at}`);
    expectError(await create(key, { name: 'VOICE 7', consent: CONSENT }), 409, 'voice_exists');
    await store(id, 'Zoë');
    expectError(await create(key, { name: 'Zoe\u0308', consent: CONSENT }), 409, 'voice_exists');
    expectError(await create(key, { name: 'One more', consent: CONSENT }), 409, 'voices_full');
  });

  it.each([
    ['no consent', { name: 'Anna' }, /^consent: is required/],
    ['an empty consent', { name: 'Anna', consent: ' ' }, /^consent: is required/],
    ['a novel of consent', { name: 'Anna', consent: 'x'.repeat(501) }, /^consent/],
    ['no name', { consent: CONSENT }, /^name: is required/],
    ['a name that is too long', { name: 'x'.repeat(81), consent: CONSENT }, /^name/],
    ['the name of all', { name: 'ALL', consent: CONSENT }, /^name: stands for all/],
  ])('refuses %s', async (_, fields, detail) => {
    const reply = await create(owner.key, fields as Record<string, string>);
    expectError(reply, 422, 'invalid_parameter');
    expect(reply.json?.detail).toMatch(detail);
  });

  it('refuses what it does not know', async () => {
    expectError(await create(owner.key, { name: 'Anna', consent: CONSENT, voice: 'x' }), 400, 'unknown_field');
    const form = formOf(null, { name: 'Anna', consent: CONSENT });
    expectError(await call(owner.key, 'POST', '/voices/speakers', form), 400, 'file_missing');
    expectError(await call(owner.key, 'GET', '/voices/speakers/x'), 404, 'voice_not_found');
    const asked = (fields: Record<string, string>) =>
      call(owner.key, 'POST', '/transcribe', formOf({ bytes: encodeWav(pause(300)) }, { async: 'true', ...fields }));
    const unheard = await asked({ known_speakers: 'all', diarize: 'false' });
    expectError(unheard, 422, 'invalid_parameter');
    expect(unheard.json?.detail).toMatch(/Known speakers are given, but diarize is false/);
    expectError(await asked({ known_speakers: Array(101).fill('A').join(',') }), 422, 'invalid_parameter');
    expectError(await asked({ known_speakers: 'x'.repeat(81) }), 422, 'invalid_parameter');
    expect((await asked({ known_speakers: 'all' })).status).toBe(202);
  });

  it('makes other work of other voices, and the same of the same', async () => {
    const { id, key } = await makeKey();
    const redis = service.redis.client();
    const runOf = async () => {
      const form = formOf({ bytes: encodeWav(pause(400)) }, { async: 'true', known_speakers: 'all' });
      const { json } = await call(key, 'POST', '/transcribe', form);
      return redis.hget(`${service.prefix}:request:${String(json?.job_id)}`, 'runId');
    };
    const voice = await store(id, 'Anna');
    const first = await runOf();
    expect(await runOf()).toBe(first);
    const options = String(await redis.hget(`${service.prefix}:run:${first}`, 'options'));
    expect(JSON.parse(options).speakers).toEqual({ known: [voice] });
    await call(key, 'DELETE', `/voices/speakers/${voice}`);
    await store(id, 'Anna');
    expect(await runOf()).not.toBe(first);
  });

  it('is turned off by default: nothing is stored or asked for, and what there is can still be deleted', async () => {
    const off = await service.addApi({ ENABLE_KNOWN_VOICES: 'false' });
    const id = await store(owner.id, 'Ben');
    const headers = { 'X-API-Key': owner.key };
    const sample = formOf({ bytes: encodeWav(pause(300)) }, { name: 'Anna', consent: CONSENT });
    expectError(await send(`${off.url}/voices/speakers`, { method: 'POST', body: sample, headers }), 403, 'voices_off');
    const asked = formOf({ bytes: encodeWav(pause(300)) }, { async: 'true', known_speakers: 'Ben' });
    const reply = await send(`${off.url}/transcribe`, { method: 'POST', body: asked, headers });
    expectError(reply, 422, 'invalid_parameter');
    expect(reply.json?.detail).toMatch(/ENABLE_KNOWN_VOICES/);
    const gone = await send(`${off.url}/voices/speakers/${id}`, { method: 'DELETE', headers });
    expect(gone.status).toBe(204);
  });
});
