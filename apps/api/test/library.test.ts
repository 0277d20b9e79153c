import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { filesUnder, type Service, startService, waitFor } from '@sotto/testkit';
import { ended } from './support/jobs.ts';
import { LibraryOf, libraryOpen } from './support/library.ts';
import { wav } from './support/media.ts';
import { expectError, send, transcribe } from './support/replies.ts';
import { expectHeard, phrase } from './support/speech.ts';

/** With PGlite, as a service on one's own machine has it; library-outage.test.ts has PostgreSQL. */
const ADMIN = 'the admin key';
let service: Service;
let mine: LibraryOf;
let theirs: LibraryOf;
let myId: string;
let theirId: string;
let recording: Uint8Array;
let text: string;

beforeAll(async () => {
  service = await startService({
    apiEnv: { ENABLE_API_KEY: 'true', ADMIN_API_KEY: ADMIN, DATABASE_URL: `pglite:library` },
  });
  await libraryOpen(service.url);
  [{ library: mine, id: myId }, { library: theirs, id: theirId }] = [await account('mine'), await account('theirs')];
  ({ bytes: recording, text } = await phrase(61));
}, 120_000);

afterAll(async () => {
  // Keys stay.
  expect(await recordings()).toEqual([]);
  await service?.close({ leftovers: true });
});

async function account(name: string): Promise<{ library: LibraryOf; id: string }> {
  const headers = { 'X-API-Key': ADMIN, 'Content-Type': 'application/json' };
  const { json } = await send(`${service.url}/admin/keys`, { method: 'POST', headers, body: JSON.stringify({ name }) });
  return { library: new LibraryOf(service.url, String(json?.key)), id: String(json?.id) };
}

const recordings = () => filesUnder(join(service.blobFolder, 'library'));

describe('what is kept', () => {
  it('has its transcript, its recording and a name', async () => {
    const item = await mine.kept(recording, { language: 'en' }, 'A Talk.wav');
    expect(item).toMatchObject({
      status: 'completed',
      title: 'A Talk',
      language: 'en',
      model: 'sotto-nano',
      revision: 0,
      rights: 'owner',
      keep_until: null,
      audio: { bytes: recording.length, type: 'audio/wav', url: `/library/${item.id}/audio` },
    });
    const json = (await mine.get(`/${item.id}/result`)).json;
    expectHeard(json?.text, text);
    expect((await mine.get(`/${item.id}/result?format=srt`)).text).toMatch(/^1\n00:00:0/);
    expect((await mine.get(`/${item.id}/result?format=docx`)).headers.get('content-disposition')).toMatch(
      /A Talk\.docx/,
    );

    const part = await mine.get(`/${item.id}/audio`, { Range: 'bytes=0-3' });
    expect([part.status, part.text, part.headers.get('content-type')]).toEqual([206, 'RIFF', 'audio/wav']);
    expect((await mine.get(`/${item.id}/audio`)).headers.get('content-length')).toBe(String(recording.length));
    expectError(await mine.get(`/${item.id}/audio`, { Range: 'bytes=99999999-' }), 416, 'range_not_satisfiable');

    const word =
      String(json?.text)
        .split(/\W+/)
        .find((one) => one.length > 2) ?? '';
    const { items } = (await mine.get(`?q=${word}`)).json as { items: { id: string; hits: { text: string }[] }[] };
    expect(items).toMatchObject([{ id: item.id, hits: [{ text: expect.stringContaining(word) }] }]);
    await mine.send('DELETE', `/${item.id}`);
  });

  it('can be changed by its owner', async () => {
    const { id } = await mine.kept(wav(700, 301), { keep_days: '3' });
    const item = await mine.item(id);
    const days = (Date.parse(String(item.keep_until)) - Date.now()) / 86_400_000;
    expect(days).toBeGreaterThan(2.9);
    const changes = { title: 'Better', tags: ['a', 'b', 'a'], keep_until: null };
    expect((await mine.send('PATCH', `/${id}`, changes)).json).toMatchObject({
      title: 'Better',
      tags: ['a', 'b'],
      keep_until: null,
    });
    expect(await mine.ids('?tag=a&tag=b')).toEqual([id]);
    expect(await mine.ids('?q=better')).toEqual([id]);
    expect(await mine.ids('?tag=c')).toEqual([]);
    expectError(await mine.send('PATCH', `/${id}`, { title: '' }), 422, 'invalid_parameter');
    expectError(await mine.get('?cursor=nonsense'), 422, 'invalid_parameter');
    await mine.send('DELETE', `/${id}`);
  });

  it('is gone when it is deleted: rows, recording, search and job', async () => {
    const { id } = await mine.kept(wav(700, 302), {}, 'gone.wav');
    expect(await recordings()).toHaveLength(1);
    expect((await mine.send('DELETE', `/${id}`)).status).toBe(204);
    expect(await recordings()).toEqual([]);
    expectError(await mine.get(`/${id}`), 404, 'item_not_found');
    expectError(await mine.get(`/${id}/result`), 404, 'item_not_found');
    expectError(await mine.get(`/${id}/audio`), 404, 'item_not_found');
    expect(await mine.ids('?q=gone')).toEqual([]);
    expectError(await mine.send('DELETE', `/${id}`), 404, 'item_not_found');
    const headers = { 'X-API-Key': ADMIN };
    expectError(await send(`${service.url}/jobs/${id}`, { headers }), 404, 'job_not_found');
  });

  it('ends as its job does', async () => {
    const bad = await mine.kept(Buffer.concat([wav(100).subarray(0, 44), Buffer.alloc(3)]));
    expect(bad).toMatchObject({ status: 'failed', error: 'audio_too_short' });
    expectError(await mine.get(`/${bad.id}/result`), 409, 'no_transcript');
    await mine.send('DELETE', `/${bad.id}`);
  });

  it('is not what nobody asked to keep', async () => {
    const headers = { 'X-API-Key': ADMIN };
    expectError(
      await send(`${service.url}/library/${'0'.repeat(8)}-0000-4000-8000-${'0'.repeat(12)}`, { headers }),
      404,
      'item_not_found',
    );
    expectError(await mine.get('/nonsense'), 404, 'item_not_found');
    expect(await mine.ids()).toEqual([]);
  });

  it('is kept for as long as its owner has set', async () => {
    expect((await mine.send('PUT', '/settings', { keep_days: 7 })).json).toEqual({ keep_days: 7 });
    expect((await mine.get('/settings')).json).toEqual({ keep_days: 7 });
    const { id, keep_until: until } = await mine.kept(wav(700, 303));
    expect(Date.parse(String(until))).toBeGreaterThan(Date.now() + 6 * 86_400_000);
    await mine.send('PUT', '/settings', { keep_days: null });
    await mine.send('DELETE', `/${id}`);
  });
});

describe('what others see', () => {
  it('is nothing, unless it is shared in a folder', async () => {
    const { id } = await mine.kept(wav(700, 304), {}, 'shared.wav');
    for (const path of ['', '/result', '/audio', '/links', '/feedback']) {
      expectError(await theirs.get(`/${id}${path}`), 404, 'item_not_found');
    }
    expectError(await theirs.send('PATCH', `/${id}`, { title: 'Mine now' }), 404, 'item_not_found');
    expectError(await theirs.send('DELETE', `/${id}`), 404, 'item_not_found');
    expect(await theirs.ids('?q=shared')).toEqual([]);

    const folder = String((await mine.send('POST', '/folders', { name: 'Team' })).json?.id);
    expectError(await mine.send('POST', '/folders', { name: 'team' }), 409, 'folder_exists');
    expectError(await theirs.get(`?folder=${folder}`), 404, 'folder_not_found');
    expectError(await theirs.send('PATCH', `/folders/${folder}`, { name: 'x' }), 404, 'folder_not_found');
    await mine.send('PATCH', `/${id}`, { folder });
    await mine.send('PATCH', `/folders/${folder}`, { shares: [{ account: theirId, rights: 'read' }] });
    expect((await theirs.get('/folders')).json).toMatchObject({ folders: [{ id: folder, rights: 'read' }] });
    expect((await theirs.get('/folders')).text).not.toContain(theirId);
    expect(await theirs.ids(`?folder=${folder}`)).toEqual([id]);
    expect(await theirs.item(id)).toMatchObject({ rights: 'read' });
    expect((await theirs.get(`/${id}/result`)).status).toBe(200);
    expectError(await theirs.send('PATCH', `/${id}`, { title: 'Mine now' }), 403, 'forbidden');
    expectError(await theirs.send('DELETE', `/${id}`), 403, 'forbidden');
    expectError(await theirs.send('POST', `/${id}/links`, {}), 403, 'forbidden');

    await mine.send('PATCH', `/folders/${folder}`, { shares: [{ account: theirId, rights: 'edit' }] });
    expect((await theirs.send('PATCH', `/${id}`, { title: 'Ours' })).json).toMatchObject({
      title: 'Ours',
      rights: 'edit',
    });
    expectError(await theirs.send('PATCH', `/${id}`, { folder: null }), 403, 'forbidden');
    expectError(await theirs.send('DELETE', `/folders/${folder}`), 403, 'forbidden');

    expect((await mine.send('DELETE', `/folders/${folder}`)).status).toBe(204);
    expectError(await theirs.get(`/${id}`), 404, 'item_not_found');
    expect(await mine.item(id)).toMatchObject({ folder: null, title: 'Ours' });
    await mine.send('DELETE', `/${id}`);
  });

  it('is one item, with a link, until that is over', async () => {
    const { id } = await mine.kept(recording, { language: 'en' });
    const { json } = await mine.send('POST', `/${id}/links`, { days: 1 });
    const shared = (path: string) => send(`${service.url}/shared/${json?.token}${path}`);
    expect((await shared('')).json).toMatchObject({ title: 'talk', audio: { url: `/shared/${json?.token}/audio` } });
    expect((await shared('')).text).not.toContain(id);
    expect((await shared('')).text).not.toContain(myId);
    expectHeard((await shared('/result')).json?.text, text);
    expect((await shared('/audio')).status).toBe(200);
    expect((await mine.get(`/${id}/links`)).text).not.toContain(String(json?.token));
    expect((await mine.send('DELETE', `/${id}/links/${json?.id}`)).status).toBe(204);
    for (const path of ['', '/result', '/audio']) expectError(await shared(path), 404, 'link_not_found');
    const brief = (await mine.send('POST', `/${id}/links`, { days: 1e-9 })).json;
    await waitFor(async () => (await send(`${service.url}/shared/${brief?.token}`)).status === 404, {
      what: 'its end',
    });
    await mine.send('DELETE', `/${id}`);
  });

  it('is feedback, for operators, without what was said', async () => {
    const { id } = await mine.kept(wav(700, 305), {}, 'private name.wav');
    expect((await mine.get(`/${id}/feedback`)).status).toBe(204);
    await mine.send('PUT', `/${id}/feedback`, { rating: 'down', note: 'Names are wrong.' });
    expect((await mine.get(`/${id}/feedback`)).json).toMatchObject({ rating: 'down' });
    const all = await send(`${service.url}/admin/feedback`, { headers: { 'X-API-Key': ADMIN } });
    expect(all.json).toMatchObject({
      feedback: [{ item: id, account: myId, note: 'Names are wrong.', model: 'sotto-nano' }],
    });
    expect(all.text).not.toContain('private name');
    expect((await mine.send('DELETE', `/${id}/feedback`)).status).toBe(204);
    expect((await mine.get(`/${id}/feedback`)).status).toBe(204);
    await mine.send('DELETE', `/${id}`);
  });
});

describe('a job that is given up', () => {
  it('is cancelled in the library too', async () => {
    const reply = await mine.keep(wav(60_000, 306));
    const id = String(reply.json?.job_id);
    const headers = { 'X-API-Key': ADMIN };
    await send(`${service.url}/jobs/${id}`, { method: 'DELETE', headers });
    const item = await mine.ended(id);
    expect(['cancelled', 'completed']).toContain(item.status);
    await mine.send('DELETE', `/${id}`);
  });
});

describe('a service without a library', () => {
  it('says so, and transcribes', async () => {
    const bare = await startService();
    try {
      expectError(await send(`${bare.url}/library`), 403, 'library_off');
      expectError(await transcribe(bare.url, { bytes: wav(700) }, { keep: 'true' }), 403, 'library_off');
      const { json } = await transcribe(bare.url, { bytes: wav(700) }, { async: 'true' });
      await ended(bare.url, String(json?.job_id));
      expect((await send(`${bare.url}/health/ready`)).json?.checks).not.toHaveProperty('library');
    } finally {
      await bare.close();
    }
  });
});
