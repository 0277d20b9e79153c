import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { wireSpokenVoiceListSchema, wireVoiceUsageSchema } from '@sotto/contracts';
import { type Service, startService } from '@sotto/testkit';
import { speak } from './support/spoken.ts';

jest.setTimeout(120_000);

const ADMIN = 'the admin key';
let service: Service;

beforeAll(async () => {
  service = await startService({
    roles: [['prepare', 'speak']],
    apiEnv: { ENABLE_API_KEY: 'true', ADMIN_API_KEY: ADMIN },
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
