import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { wireOwnUsageSchema, wireSpokenVoiceListSchema, wireVoiceUsageSchema } from '@sotto/contracts';
import { type Service, startService } from '@sotto/testkit';
import { speak } from './support/spoken.ts';

jest.setTimeout(120_000);

const ADMIN = 'the admin key';
let service: Service;

beforeAll(async () => {
  service = await startService({
    roles: [['prepare', 'speak']],
    apiEnv: { ENABLE_API_KEY: 'true', ADMIN_API_KEY: ADMIN, PRICE_PER_THOUSAND_CHARACTERS: '15' },
  });
});
afterAll(() => service?.close({ leftovers: true }));

async function make(limits: object = {}): Promise<string> {
  const headers = { 'X-API-Key': ADMIN, 'Content-Type': 'application/json' };
  const body = JSON.stringify({ name: 'one', ...limits });
  const made = await fetch(`${service.url}/admin/keys`, { method: 'POST', headers, body });
  return String(((await made.json()) as { key: string }).key);
}

const speakAs = async (key: string, text: string, more: Record<string, unknown> = {}) => {
  const headers = { 'content-type': 'application/json', 'X-API-Key': key };
  const response = await speak(service.url, { text, response_format: 'wav', ...more }, { headers });
  const body = new Uint8Array(await response.arrayBuffer());
  const told = response.ok ? null : (JSON.parse(new TextDecoder().decode(body)) as { error: string });
  return { status: response.status, id: response.headers.get('x-job-id') ?? '', error: told?.error, body };
};

describe('keys', () => {
  it('have what they had spoken for themselves', async () => {
    const [first, second] = [await make(), await make()];
    const theirs = await speakAs(first, 'This is a secret.');
    const mine = await speakAs(second, 'This is a secret.');
    expect([theirs.status, mine.status]).toEqual([200, 200]);
    expect(mine.id).not.toBe(theirs.id);
    for (const path of ['/status/', '/jobs/']) {
      const response = await fetch(`${service.url}${path}${theirs.id}`, { headers: { 'X-API-Key': second } });
      expect(response.status).toBe(404);
    }
    const sound = await fetch(`${service.url}/jobs/${theirs.id}/result?format=wav`, {
      headers: { 'X-API-Key': second },
    });
    expect(sound.status).toBe(404);
    expect((await speakAs('nobody', 'Hello.')).error).toBe('forbidden');
  });

  it('are refused when their characters are used up', async () => {
    const key = await make({ characters_per_day: 60 });
    expect((await speakAs(key, 'This takes some forty characters of it.')).status).toBe(200);
    const refused = await speakAs(key, 'And this would take more than is left of the quota of this day.');
    expect([refused.status, refused.error]).toEqual([429, 'quota_exceeded']);
    const usage = await fetch(`${service.url}/usage`, { headers: { 'X-API-Key': key } });
    expect(wireOwnUsageSchema.parse(await usage.json())).toMatchObject({
      price_per_thousand_characters: 15,
      total: { characters: 39, audio_seconds: 0, cost: 0.585 },
      quotas: [{ quota: 'day', limit_characters: 60, used_characters: 39, held_characters: 0 }],
    });
  });
});

describe('the use of voices', () => {
  const ask = async (path: string, key: string) => {
    const response = await fetch(service.url + path, { headers: { 'X-API-Key': key } });
    return { status: response.status, json: await response.json() };
  };
  const useOf = async (path: string, key: string) => wireVoiceUsageSchema.parse((await ask(path, key)).json);
  const usesSeenBy = async (key: string, voice: string) =>
    wireSpokenVoiceListSchema.parse((await ask('/voices', key)).json).voices.find(({ id }) => id === voice)?.uses;

  it('is told by voice and day, to each key its own, and to operators that of all', async () => {
    const [first, second] = [await make(), await make()];
    const before = await usesSeenBy(ADMIN, 'espeak-f');
    const mixed = '<speak>One voice.<voice name="espeak-f">And another one.</voice></speak>';
    const texts = [
      { text: 'Hello.' },
      { text: 'Again.' },
      // The same again is found, not spoken.
      { text: 'Again.' },
      { text: mixed, text_format: 'ssml' },
    ];
    for (const { text, ...more } of texts) {
      expect((await speakAs(first, text, { voice: 'espeak', ...more })).status).toBe(200);
    }
    await speakAs(second, 'Hello.', { voice: 'espeak-f' });
    const { days, voices, to } = await useOf('/usage/voices', first);
    expect(voices).toEqual([
      { voice: 'espeak', jobs: 3, characters: expect.any(Number), seconds: expect.any(Number) },
      { voice: 'espeak-f', jobs: 1, characters: expect.any(Number), seconds: expect.any(Number) },
    ]);
    expect(days).toEqual(voices.map((voice) => ({ day: to, ...voice })));
    const charged = 'Hello.Again.One voice.And another one.'.length;
    expect(voices.reduce((sum, { characters }) => sum + characters, 0)).toBe(charged);
    expect(voices.every(({ seconds }) => seconds > 0.3)).toBe(true);
    expect((await useOf('/usage/voices', second)).voices).toMatchObject([{ voice: 'espeak-f', jobs: 1 }]);
    expect([await usesSeenBy(first, 'espeak'), await usesSeenBy(second, 'espeak')]).toEqual([3, 0]);
    expect(await usesSeenBy(ADMIN, 'espeak-f')).toBe(Number(before) + 2);
    const all = await useOf(`/admin/usage/voices?from=${to}`, ADMIN);
    expect(all.voices.find(({ voice }) => voice === 'espeak-f')?.jobs).toBe(Number(before) + 2);
    expect((await ask('/admin/usage/voices', first)).status).toBe(403);
  });

  it('is of days that exist, and not of too many', async () => {
    const key = await make();
    for (const query of ['from=yesterday', 'from=2026-02-02&to=2026-02-01', 'from=0001-01-01', 'voice=joe']) {
      const { status, json } = await ask(`/usage/voices?${query}`, key);
      expect([status, (json as { error: string }).error]).toEqual([422, 'invalid_parameter']);
    }
    expect((await useOf('/usage/voices?from=2026-02-01&to=2026-02-01', key)).days).toEqual([]);
  });
});

/** JSON of a key's. */
async function call(key: string, method: string, path: string, body?: object) {
  const headers = { 'X-API-Key': key, ...(body && { 'Content-Type': 'application/json' }) };
  const response = await fetch(service.url + path, { method, headers, ...(body && { body: JSON.stringify(body) }) });
  const text = await response.text();
  return { status: response.status, json: (text === '' ? {} : JSON.parse(text)) as Record<string, unknown> };
}

describe('a dictionary', () => {
  const SEQUEL = [{ word: 'SQL', say: 'sequel' }];
  let key: string;
  beforeAll(async () => {
    key = await make();
  });

  const put = (name: string, entries: unknown) => call(key, 'PUT', `/dictionaries/${name}`, { entries });

  it('is created, shown, replaced, listed and deleted by its key, and by no other', async () => {
    expect(await put('team', SEQUEL)).toMatchObject({ status: 201, json: { name: 'team', version: 1, words: 1 } });
    const more = [...SEQUEL, { word: 'tomato', ipa: '/təˈmɑːtəʊ/', language: 'EN' }];
    expect(await put('team', more)).toMatchObject({ status: 200, json: { version: 2, words: 2 } });
    const shown = await call(key, 'GET', '/dictionaries/team');
    expect(shown.json.entries).toEqual([...SEQUEL, { word: 'tomato', ipa: 'təˈmɑːtəʊ', language: 'en' }]);
    expect((await call(key, 'GET', '/dictionaries')).json.dictionaries).toMatchObject([{ name: 'team', words: 2 }]);
    const other = await make();
    for (const method of ['GET', 'DELETE']) {
      expect(await call(other, method, '/dictionaries/team')).toMatchObject({
        status: 404,
        json: { error: 'dictionary_not_found' },
      });
    }
    expect((await speakAs(other, 'Hello.', { dictionary: 'team' })).error).toBe('dictionary_not_found');
    expect((await call(key, 'DELETE', '/dictionaries/team')).status).toBe(204);
    expect((await call(key, 'GET', '/dictionaries/team')).status).toBe(404);
  });

  it('is said as if it had been written so, and shown as it was written', async () => {
    await put('work', SEQUEL);
    const plain = await speakAs(key, 'I like SQL.');
    const wished = await speakAs(key, 'I like sequel.');
    const named = await speakAs(key, 'I like SQL.', { dictionary: 'work' });
    expect(named.body).toEqual(wished.body);
    expect(named.body).not.toEqual(plain.body);
    expect((await call(key, 'GET', `/jobs/${named.id}/result?format=json`)).json.pieces).toMatchObject([
      { text: 'I like SQL.' },
    ]);
    const given = { dictionary: 'work', pronunciations: [{ word: 'SQL', say: 'squirrel' }] };
    expect((await speakAs(key, 'I like SQL.', given)).body).toEqual((await speakAs(key, 'I like squirrel.')).body);
    const form = new FormData();
    for (const [name, value] of Object.entries({ ...given, response_format: 'wav' })) {
      form.append(name, typeof value === 'string' ? value : JSON.stringify(value));
    }
    form.append('file', new Blob(['I like SQL.']), 'a.txt');
    const sent = await fetch(`${service.url}/speak`, { method: 'POST', body: form, headers: { 'X-API-Key': key } });
    expect(new Uint8Array(await sent.arrayBuffer())).toEqual((await speakAs(key, 'I like squirrel.')).body);
    const openai = await fetch(`${service.url}/v1/audio/speech`, {
      method: 'POST',
      headers: { 'X-API-Key': key, 'Content-Type': 'application/json' },
      body: JSON.stringify({ model: 'tts-1', input: 'I like SQL.', dictionary: 'work', response_format: 'wav' }),
    });
    expect(new Uint8Array(await openai.arrayBuffer())).toEqual(wished.body);
  });

  it('is part of the work as it was: another version is other work, and the old one stays what it is', async () => {
    await put('versions', SEQUEL);
    const asked = { dictionary: 'versions', cache: true };
    const first = await speakAs(key, 'SQL is old.', asked);
    expect((await speakAs(key, 'SQL is old.', { pronunciations: SEQUEL })).body).toEqual(first.body);
    await put('versions', [{ word: 'sql', say: 'squirrel' }]);
    expect((await speakAs(key, 'SQL is old.', asked)).body).not.toEqual(first.body);
    await call(key, 'DELETE', '/dictionaries/versions');
    const redis = service.redis.client();
    const runId = await redis.hget(`${service.prefix}:request:${first.id}`, 'runId');
    const options = JSON.parse((await redis.hget(`${service.prefix}:run:${runId}`, 'options')) ?? '');
    expect(options.pronunciations).toEqual(SEQUEL);
  });

  it('that seems to loop is said once', async () => {
    const loop = [
      { word: 'one', say: 'two' },
      { word: 'two', say: 'one' },
    ];
    expect((await put('loop', loop)).status).toBe(201);
    const said = await speakAs(key, 'One and two.', { dictionary: 'loop' });
    expect(said.body).toEqual((await speakAs(key, 'two and one.')).body);
  });

  it.each([
    ['nothing in it', [], 'must have an entry'],
    ['phonemes that are none', [{ word: 'SQL', ipa: 'SIKWEL' }], 'entries.0: "SQL" has "S" in ipa'],
    ['1001 entries', Array.from({ length: 1001 }, (_, at) => ({ word: `w${at}`, say: 'x' })), '1000 entries'],
  ])('with %s is refused', async (_, entries, why) => {
    const refused = await put('bad', entries);
    expect(refused).toMatchObject({ status: 422, json: { error: 'invalid_parameter' } });
    expect(refused.json.detail).toContain(why);
  });

  it('is refused unread when it is too large, and a key has 100', async () => {
    const many = Array.from({ length: 100_000 }, (_, at) => ({ word: `w${at}`, say: 'x' }));
    for (const entries of [many, [{ word: 'a', say: 'x'.repeat(1 << 20) }]]) {
      expect(await put('bad', entries)).toMatchObject({ status: 400, json: { error: 'invalid_request' } });
    }
    expect((await call(key, 'GET', '/dictionaries/bad')).status).toBe(404);
    const full = await make();
    const add = (name: string) => call(full, 'PUT', `/dictionaries/${name}`, { entries: SEQUEL });
    for (let at = 0; at < 100; at++) await add(`d${at}`);
    expect(await add('more')).toMatchObject({ status: 409, json: { error: 'dictionaries_full' } });
  });
});

describe('a deleted job', () => {
  it('takes its sound with it', async () => {
    const key = await make();
    const { id } = await speakAs(key, 'This will be deleted.');
    const headers = { 'X-API-Key': key };
    const deleted = await fetch(`${service.url}/jobs/${id}`, { method: 'DELETE', headers });
    expect(deleted.status).toBe(204);
    expect((await fetch(`${service.url}/jobs/${id}/result`, { headers })).status).toBe(404);
  });
});
