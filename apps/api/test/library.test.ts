import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { encodeWav, filesUnder, pause, type Service, startService, waitFor } from '@sotto/testkit';
import { ZipFile } from 'yazl';
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

describe('the recording of an item', () => {
  it('is transcribed once more without being sent again, by whoever may hear it', async () => {
    const before = await mine.kept(wav(700, 307), { language: 'en' }, 'again.wav');
    const { id } = before;
    const reply = await mine.keepAgain(id, { language: 'en' });
    expect(reply.status).toBe(202);
    const another = await mine.ended(String(reply.json?.job_id));
    expect(another).toMatchObject({ status: 'completed', title: 'again', audio: { bytes: before.audio?.bytes } });
    expectError(await theirs.keepAgain(id), 404, 'item_not_found');
    expectError(await mine.keepAgain('nonsense'), 404, 'item_not_found');
    for (const each of [id, another.id]) await mine.send('DELETE', `/${each}`);
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

describe('an archive', () => {
  async function archiveOf(library: LibraryOf): Promise<Buffer> {
    return Buffer.from(await (await library.fetch('/export')).arrayBuffer());
  }

  function zipOf(entries: Record<string, Uint8Array | string>): Promise<Buffer> {
    const zip = new ZipFile();
    for (const [name, content] of Object.entries(entries)) zip.addBuffer(Buffer.from(content), name);
    zip.end();
    return buffer(zip.outputStream);
  }

  const itemOf = (more: object = {}) =>
    JSON.stringify({
      version: 1,
      id: ID,
      title: 'From elsewhere',
      tags: [],
      folder: null,
      status: 'failed',
      error_code: null,
      error_message: null,
      file_name: null,
      audio_type: 'audio/wav',
      keep_until: null,
      created_at: '2020-01-01T00:00:00Z',
      ended_at: null,
      feedback: null,
      ...more,
    });
  const ID = '11111111-1111-4111-8111-111111111111';

  it('lacks what is deleted while it is sent, and nothing else', async () => {
    // More than sockets hold: the client reads nothing until one of them has been deleted.
    const silence = encodeWav(pause(120_000));
    const ids: string[] = [];
    for (let at = 0; at < 5; at += 1) ids.push((await mine.kept(silence, { language: 'en' }, `${at}.wav`)).id);
    const response = await mine.fetch('/export');
    await mine.send('DELETE', `/${ids[4]}`);
    const archive = Buffer.from(await response.arrayBuffer());
    expect((await theirs.import(archive)).json).toEqual({ imported: 4, skipped: 0, failed: [] });
    for (const id of await theirs.ids()) await theirs.send('DELETE', `/${id}`);
    for (const id of ids.slice(0, 4)) await mine.send('DELETE', `/${id}`);
  });

  it('has all of one account, and another takes it, once', async () => {
    const folder = (await mine.send('POST', '/folders', { name: 'Archived' })).json?.id;
    const item = await mine.kept(recording, { language: 'en' }, 'Archived.wav');
    await mine.send('PATCH', `/${item.id}`, { folder, tags: ['x'] });
    await mine.send('PUT', `/${item.id}/feedback`, { rating: 'up' });
    const operation = { type: 'replace_text', segment: '0', from_word: 0, to_word: 1, text: 'corrected' };
    const edits = [{ id: randomUUID(), operations: [operation] }];
    expect((await mine.send('POST', `/${item.id}/edits`, { base_revision: 0, edits })).status).toBe(200);
    const archive = await archiveOf(mine);
    expect((await mine.import(archive)).json).toEqual({ imported: 0, skipped: 1, failed: [] });
    expect((await theirs.import(archive)).json).toEqual({ imported: 1, skipped: 0, failed: [] });
    expect((await theirs.import(archive)).json).toEqual({ imported: 0, skipped: 1, failed: [] });
    const [id = ''] = await theirs.ids('?q=archived');
    expect(id).not.toBe(item.id);
    const { folders } = (await theirs.get('/folders')).json as { folders: { id: string; name: string }[] };
    expect(await theirs.item(id)).toMatchObject({
      title: 'Archived',
      tags: ['x'],
      status: 'completed',
      folder: folders.find(({ name }) => name === 'Archived')?.id,
      created_at: item.created_at,
      audio: { bytes: recording.length, type: 'audio/wav' },
    });
    expect((await theirs.get(`/${id}/feedback`)).json).toMatchObject({ rating: 'up' });
    const result = (library: LibraryOf, of: string) => library.get(`/${of}/result?format=verbose_json`);
    expect((await result(theirs, id)).json).toEqual((await result(mine, item.id)).json);
    for (const part of ['transcript', 'result?format=srt', 'result?format=text&original=true']) {
      expect((await theirs.get(`/${id}/${part}`)).text).toBe((await mine.get(`/${item.id}/${part}`)).text);
    }
    expect((await theirs.get(`/${id}/edits`)).json).toMatchObject({
      edits: [{ revision: 1, operations: [operation] }],
    });
    expect(Buffer.from(await (await theirs.fetch(`/${id}/audio`)).arrayBuffer())).toEqual(Buffer.from(recording));
    await mine.send('DELETE', `/${item.id}`);
    expect((await theirs.get(`/${id}/audio`)).status).toBe(200);
    await theirs.send('DELETE', `/${id}`);
  });

  it('that is none is refused, and one that is bad in part adds the rest', async () => {
    expectError(await mine.import(Buffer.from('no archive')), 422, 'archive_not_usable');
    // yazl writes no such name.
    const evil = (await zipOf({ 'xx/evil': 'x' })).toString('latin1').replaceAll('xx/evil', '../evil');
    expectError(await mine.import(Buffer.from(evil, 'latin1')), 422, 'archive_not_usable');
    expectError(await mine.import(await zipOf({ 'items/x/item.json': '{}' })), 422, 'archive_not_usable');
    expectError(await mine.send('POST', '/import', {}), 415, 'unsupported_media_type');
    const at = (of: number) => `items/${String(of).repeat(8)}-1111-4111-8111-111111111111`;
    const reply = await mine.import(
      await zipOf({
        [`${at(1)}/item.json`]: itemOf({ title: 'Good' }),
        [`${at(1)}/recording`]: wav(100),
        [`${at(2)}/item.json`]: 'no JSON',
        [`${at(3)}/item.json`]: itemOf({ title: 'nul \u0000' }),
        [`${at(4)}/item.json`]: itemOf({ status: 'completed' }),
        [`${at(5)}/item.json`]: itemOf({ status: 'completed' }),
        [`${at(5)}/transcript.json`]: '{"text": 1}',
        [`${at(6)}/item.json`]: itemOf(),
        [`${at(6)}/recording`]: Buffer.alloc(50_000_000),
        [`${at(7)}/transcript.json`]: '{}',
      }),
    );
    const { imported, failed } = reply.json as { imported: number; failed: { entry: string; detail: string }[] };
    expect({ imported, failed: failed.map(({ entry }) => entry) }).toEqual({
      imported: 1,
      failed: [2, 3, 4, 5, 6, 7].map(at),
    });
    expect(failed[4]?.detail).toMatch(/packed too well/);
    expect(await recordings()).toHaveLength(1);
    const [good = ''] = await mine.ids('?q=good');
    await mine.send('DELETE', `/${good}`);
    expect(await filesUnder(join(service.blobFolder, 'uploads'))).toEqual([]);
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
