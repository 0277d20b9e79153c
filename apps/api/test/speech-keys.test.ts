import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
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
