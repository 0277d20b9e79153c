import { afterAll, beforeAll, expect, it, jest } from '@jest/globals';
import { wireSpokenVoiceListSchema } from '@sotto/contracts';
import { filesUnder, type Service, startService, waitFor } from '@sotto/testkit';
import { secondsOf } from './support/spoken.ts';

jest.setTimeout(120_000);

const ADMIN = 'the admin key';
let service: Service;
let key: string;

beforeAll(async () => {
  service = await startService({
    roles: [['prepare', 'speak']],
    apiEnv: { ENABLE_API_KEY: 'true', ADMIN_API_KEY: ADMIN },
  });
  const headers = { 'X-API-Key': ADMIN, 'Content-Type': 'application/json' };
  const body = JSON.stringify({ name: 'listener' });
  const made = await fetch(`${service.url}/admin/keys`, { method: 'POST', headers, body });
  key = String(((await made.json()) as { key: string }).key);
});
afterAll(() => service?.close({ leftovers: true }));

const get = (path: string, headers: Record<string, string> = {}) =>
  fetch(service.url + path, { headers: { 'X-API-Key': key, ...headers } });
const bytesOf = async (response: Response) => new Uint8Array(await response.arrayBuffer());

async function textsSpoken(): Promise<number> {
  const text = await (await fetch(`${service.workers[0]?.url}/metrics`)).text();
  return [...text.matchAll(/^sotto_texts_total{.*} (\d+)$/gm)].reduce((sum, [, count]) => sum + Number(count), 0);
}

it('every voice can be heard: a sentence that is made once, in parts too, and charged to nobody', async () => {
  const { voices } = wireSpokenVoiceListSchema.parse(await (await get('/voices')).json());
  const path = voices.find(({ id }) => id === 'espeak')?.sample ?? '';
  const all = await Promise.all(Array.from({ length: 4 }, () => get(path)));
  expect(all.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
  const [first, ...others] = await Promise.all(all.map(bytesOf));
  if (first === undefined) throw new Error('unreachable');
  for (const other of others) expect(other).toEqual(first);
  expect(await secondsOf(first)).toBeGreaterThan(1.5);
  expect(all[0]?.headers.get('content-type')).toBe('audio/wav');
  expect(all[0]?.headers.get('x-synthetic-audio')).toBe('true');
  const etag = all[0]?.headers.get('etag') ?? '';
  const part = await get(path, { Range: 'bytes=40-99', 'If-Range': etag });
  expect([part.status, await bytesOf(part)]).toEqual([206, first.slice(40, 100)]);
  expect(await textsSpoken()).toBe(1);
  const german = await get(`${path}?language=de`);
  expect([german.status, german.headers.get('etag') === etag]).toEqual([200, false]);
  await german.body?.cancel();
  expect(await textsSpoken()).toBe(2);
  const nothingElse = async () => (await filesUnder(service.blobFolder)).every((file) => file.startsWith('pieces'));
  await waitFor(nothingElse, { what: 'all but the samples to go' });
  expect(await (await get('/jobs')).json()).toMatchObject({ jobs: [] });
  const usage = JSON.stringify(await (await get('/usage')).json());
  expect(usage).not.toMatch(/"[a-z_]*characters[a-z_]*":[1-9]/);
});

it('is given only of what is offered', async () => {
  const refused = async (path: string) => {
    const response = await get(path);
    return [response.status, ((await response.json()) as { error: string }).error];
  };
  expect(await refused('/voices/nobody/sample')).toEqual([404, 'voice_not_found']);
  expect(await refused('/voices/espeak+espeak-f/sample')).toEqual([404, 'voice_not_found']);
  expect(await refused('/voices/auto/sample')).toEqual([404, 'voice_not_found']);
  expect(await refused('/voices/espeak/sample?language=tlh')).toEqual([422, 'language_not_supported']);
  expect((await fetch(`${service.url}/voices/espeak/sample`)).status).toBe(401);
});
