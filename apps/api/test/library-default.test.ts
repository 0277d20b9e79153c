import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { type Service, startService } from '@sotto/testkit';
import { LibraryOf, libraryOpen } from './support/library.ts';
import { wav } from './support/media.ts';
import { send } from './support/replies.ts';

const ADMIN = 'the admin key';
let service: Service;
beforeAll(async () => {
  service = await startService({
    apiEnv: { ENABLE_API_KEY: 'true', ADMIN_API_KEY: ADMIN, DATABASE_URL: `pglite:library` },
  });
  await libraryOpen(service.url);
}, 120_000);

// Keys stay.
afterAll(() => service?.close({ leftovers: true }));

async function account(terms: object): Promise<{ library: LibraryOf; key: string }> {
  const headers = { 'X-API-Key': ADMIN, 'Content-Type': 'application/json' };
  const { json } = await send(`${service.url}/admin/keys`, { method: 'POST', headers, body: JSON.stringify(terms) });
  return { library: new LibraryOf(service.url, String(json?.key)), key: String(json?.key) };
}

/** @returns the id of its job */
async function posted(key: string, path: string, part: string, fields: Record<string, string> = {}): Promise<string> {
  const body = new FormData();
  body.append(part, new Blob([wav(700, 404)]), 'clip.wav');
  for (const [name, value] of Object.entries(fields)) body.append(name, value);
  const reply = await send(service.url + path, { method: 'POST', headers: { 'X-API-Key': key }, body });
  expect(reply.status).toBe(200);
  return reply.headers.get('x-job-id') ?? '';
}

const OPENAI = '/v1/audio/transcriptions';
const MODEL = { model: 'whisper-1' };

it('keeps by default what a key is to keep, in every dialect, unless the request says otherwise', async () => {
  const { library, key } = await account({ name: 'keeping', keep: true });
  await posted(key, '/transcribe', 'file', { keep: 'false' });
  await posted(key, OPENAI, 'file', { ...MODEL, keep: 'false' });
  expect(await library.ids()).toEqual([]);
  const kept = [
    await posted(key, '/transcribe', 'file'),
    await posted(key, OPENAI, 'file', { ...MODEL, keep_days: '3' }),
    await posted(key, '/asr?output=json', 'audio_file'),
  ];
  expect((await library.ids()).sort()).toEqual(kept.toSorted());
  expect(await library.ended(kept[1] ?? '')).toMatchObject({ status: 'completed', keep_until: expect.any(String) });
});

it('keeps what a request asks for, in every dialect, and nothing else', async () => {
  const { library, key } = await account({ name: 'usual' });
  await posted(key, OPENAI, 'file', MODEL);
  const asked = [
    await posted(key, OPENAI, 'file', { ...MODEL, keep: 'true' }),
    await posted(key, '/asr?keep=true', 'audio_file'),
  ];
  expect((await library.ids()).sort()).toEqual(asked.toSorted());
});
