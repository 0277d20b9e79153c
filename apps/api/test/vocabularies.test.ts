import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { type AuditEntry, wireVerboseTranscriptSchema } from '@sotto/contracts';
import { describeWith, type Service, speak, startService, tinyEnModelDir, waitFor } from '@sotto/testkit';
import { wav } from './support/media.ts';
import { clientOf, refused } from './support/openai.ts';
import { expectError, formOf, type Reply, send, transcribe } from './support/replies.ts';

jest.setTimeout(120_000);

const ADMIN = 'the admin key';

describe('/vocabularies', () => {
  let service: Service;
  let owner: string;

  beforeAll(async () => {
    service = await startService({
      workers: 0,
      apiEnv: { ENABLE_API_KEY: 'true', ADMIN_API_KEY: ADMIN, ENABLE_RATE_LIMIT: 'false' },
    });
    owner = await makeKey(['transcribe', 'read']);
  });

  afterAll(async () => {
    await service?.close({ leftovers: true });
  });

  const call = (key: string, method: string, path: string, body?: object): Promise<Reply> =>
    send(service.url + path, {
      method,
      headers: { 'X-API-Key': key, ...(body && { 'Content-Type': 'application/json' }) },
      ...(body && { body: JSON.stringify(body) }),
    });

  async function makeKey(scopes: string[]): Promise<string> {
    return String((await call(ADMIN, 'POST', '/admin/keys', { name: 'a test', scopes })).json?.key);
  }

  const post = (key: string, fields: Record<string, string>) =>
    send(`${service.url}/transcribe`, {
      method: 'POST',
      body: formOf({ bytes: wav(300) }, { async: 'true', ...fields }),
      headers: { 'X-API-Key': key },
    });

  it('creates, shows, replaces, lists and deletes a list; it is its key’s own', async () => {
    const keyterms = ['Grafana', { text: 'Kubernetes', weight: 2, sounds_like: ['cooper netties'] }];
    const created = await call(owner, 'PUT', '/vocabularies/team', { keyterms });
    expect(created).toMatchObject({ status: 201, json: { name: 'team', version: 1, terms: 2, keyterms } });
    const replaced = await call(owner, 'PUT', '/vocabularies/team', { keyterms: ['Istio', ...keyterms] });
    expect(replaced).toMatchObject({ status: 200, json: { version: 2, terms: 3 } });
    const shown = await call(owner, 'GET', '/vocabularies/team');
    expect(shown.json).toMatchObject({ version: 2, keyterms: ['Grafana', 'Istio', keyterms[1]] });
    await call(owner, 'PUT', '/vocabularies/drugs', { keyterms: ['apixaban'] });
    const listed = await call(owner, 'GET', '/vocabularies');
    expect(listed.json?.vocabularies).toMatchObject([
      { name: 'drugs', version: 1, terms: 1 },
      { name: 'team', version: 2, terms: 3 },
    ]);
    expect(listed.text).not.toContain('apixaban');

    const other = await makeKey(['transcribe']);
    expect((await call(other, 'GET', '/vocabularies')).json).toEqual({ vocabularies: [] });
    expectError(await call(other, 'GET', '/vocabularies/team'), 404, 'vocabulary_not_found');
    expectError(await call(other, 'DELETE', '/vocabularies/team'), 404, 'vocabulary_not_found');
    expectError(await call(await makeKey(['read']), 'GET', '/vocabularies/team'), 403, 'forbidden');

    expect((await call(owner, 'DELETE', '/vocabularies/drugs')).status).toBe(204);
    expectError(await call(owner, 'GET', '/vocabularies/drugs'), 404, 'vocabulary_not_found');
    // Entries are written after the answer.
    const done = await waitFor(
      async () => {
        const { entries } = (await call(ADMIN, 'GET', '/admin/audit?limit=100')).json as { entries: AuditEntry[] };
        const deeds = entries.map(({ action, target, status }) => `${action} ${target} ${status}`);
        return deeds.includes('vocabulary.delete drugs 204') ? deeds : null;
      },
      { what: 'the audit log', timeoutMs: 10_000 },
    );
    expect(done).toContain('vocabulary.put team 201');
  });

  it('is part of the work as it was: the same terms are the same work, another version is not', async () => {
    await call(owner, 'PUT', '/vocabularies/work', { keyterms: ['Istio', 'Grafana'] });
    const redis = service.redis.client();
    const runOf = async (fields: Record<string, string>) => {
      const { status, json } = await post(owner, fields);
      expect(status).toBe(202);
      return redis.hget(`${service.prefix}:request:${String(json?.job_id)}`, 'runId');
    };
    const first = await runOf({ vocabulary: 'work' });
    expect(await runOf({ keyterms: '["Grafana", "Istio"]' })).toBe(first);
    expect(await runOf({ vocabulary: 'work', keyterms: 'Istio' })).toBe(first);
    expect(await runOf({})).not.toBe(first);
    await call(owner, 'PUT', '/vocabularies/work', { keyterms: ['Istio'] });
    expect(await runOf({ vocabulary: 'work' })).not.toBe(first);
    await call(owner, 'DELETE', '/vocabularies/work');
    const run = await redis.hget(`${service.prefix}:run:${first}`, 'options');
    expect(JSON.parse(run ?? '')).toMatchObject({ keyterms: [{ text: 'Grafana' }, { text: 'Istio' }] });
  });

  it.each([
    ['a term of 10 kB', { keyterms: 'x'.repeat(10_240) }],
    ['control characters', { keyterms: 'Kuber\u0007netes' }],
    ['no term', { keyterms: '...' }],
    ['broken JSON', { keyterms: '["a"' }],
    ['1001 terms', { keyterms: JSON.stringify(Array.from({ length: 1001 }, (_, at) => `term ${at}`)) }],
    ['a name that cannot be one', { vocabulary: '../team' }],
  ])('refuses %s', async (_, fields) => {
    expectError(await post(owner, fields as Record<string, string>), 422, 'invalid_parameter');
  });

  it('refuses what it does not know, and lists that cannot be lists', async () => {
    expectError(await post(owner, { vocabulary: 'nobody-made-it' }), 404, 'vocabulary_not_found');
    const put = (name: string, body: object) => call(owner, 'PUT', `/vocabularies/${name}`, body);
    expectError(await put('x', { keyterms: [] }), 422, 'invalid_parameter');
    expectError(await put('x', { keyterms: ['\n'] }), 422, 'invalid_parameter');
    expectError(await put('x', { terms: ['a'] }), 422, 'invalid_parameter');
    expectError(await put('-x', { keyterms: ['a'] }), 404, 'vocabulary_not_found');
  });

  it('takes 1000 terms one by one, and has an end for text', async () => {
    const form = formOf({ bytes: wav(300) }, { async: 'true' });
    for (let at = 0; at < 1000; at++) form.append('keyterms[]', `term ${at}`);
    const sent = (body: FormData) =>
      send(`${service.url}/transcribe`, { method: 'POST', body, headers: { 'X-API-Key': owner } });
    expect((await sent(form)).status).toBe(202);
    const endless = formOf({ bytes: wav(300) });
    for (let at = 0; at < 60; at++) endless.append('keyterms', 'x'.repeat(10_000));
    expectError(await sent(endless), 400, 'invalid_request');
  });

  it('has an end for lists', async () => {
    const key = await makeKey(['transcribe']);
    for (let at = 0; at < 100; at++) await call(key, 'PUT', `/vocabularies/list-${at}`, { keyterms: ['a'] });
    expectError(await call(key, 'PUT', '/vocabularies/one-more', { keyterms: ['a'] }), 409, 'vocabularies_full');
    expect((await call(key, 'PUT', '/vocabularies/list-7', { keyterms: ['b'] })).json?.version).toBe(2);
  });
});

describeWith(await tinyEnModelDir(), 'terms that tiny.en does not know', (modelDir) => {
  let service: Service;

  beforeAll(async () => {
    service = await startService({ modelDir, model: 'tiny.en' });
  });

  afterAll(() => service?.close());

  const VOICE = { voice: 'en-us', speed: 140 };
  const CLUSTER = 'We moved the whole service to Kubernetes last summer';
  const spoken = async (text: string) => ({ bytes: await readFile((await speak(text, VOICE)).path) });
  const heard = async (text: string, fields: Record<string, string> = {}) => {
    const reply = await transcribe(service.url, await spoken(text), { response_format: 'verbose_json', ...fields });
    if (reply.status !== 200) throw new Error(`${reply.status} ${reply.text}`);
    return wireVerboseTranscriptSchema.parse(reply.json);
  };

  it('are written when they are listed, greedy and in a beam, and otherwise not', async () => {
    expect((await heard(CLUSTER)).text).not.toContain('Kubernetes');
    for (const beam_size of ['1', '5']) {
      expect((await heard(CLUSTER, { keyterms: 'Kubernetes', beam_size })).text).toContain('Kubernetes');
    }
    const { text } = await heard(CLUSTER);
    expect((await heard(CLUSTER, { keyterms: '["apixaban", "Thiruvananthapuram"]' })).text).toBe(text);
  });

  it('are written for what they sound like, over the time of that', async () => {
    const sentence = 'My cousin works for Veltrix and travels a lot';
    const plain = await heard(sentence);
    const words = plain.words ?? [];
    const last = words.findIndex(({ word }) => word.trim() === 'and') - 1;
    const first = words.findIndex(({ word }) => word.trim() === 'for') + 1;
    expect(first).toBeGreaterThan(0);
    expect(last).toBeGreaterThanOrEqual(first);
    const sound = words
      .slice(first, last + 1)
      .map(({ word }) => word.trim())
      .join(' ');
    const written = await heard(sentence, { keyterms: JSON.stringify([{ text: 'Veltrix', sounds_like: sound }]) });
    expect(written.text).toContain('for Veltrix and');
    const term = written.words?.find(({ word }) => word.trim() === 'Veltrix');
    expect(term).toMatchObject({ start: words[first]?.start, end: words[last]?.end });
  });

  it('come as `keywords` of OpenAI’s API', async () => {
    const openai = clientOf(service.url);
    const { bytes } = await spoken(CLUSTER);
    // The client's types do not know it yet; it sends what it is given.
    const ask = (keywords: string[]) => {
      const file = new File([new Uint8Array(bytes)], 'speech.wav');
      const options = { model: 'whisper-1', file, keywords };
      return openai.audio.transcriptions.create(options);
    };
    expect((await ask(['Kubernetes', 'Grafana'])).text).toContain('Kubernetes');
    expect(await refused(ask(['x'.repeat(10_240)]))).toMatchObject({ status: 400, param: 'keywords' });
  });
});
