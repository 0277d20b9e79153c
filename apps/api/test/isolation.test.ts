import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type OwnVoice, Voices } from '@sotto/queue';
import { DocumentedApi, Receiver, type Service, startService, waitFor } from '@sotto/testkit';
import { libraryOpen } from './support/library.ts';
import { storeOwnVoice } from './support/own-voices.ts';
import { formOf, type Reply, send } from './support/replies.ts';
import { type Kind, ROUTES } from './support/routes.ts';
import { runsMade } from './support/runs.ts';
import { phrase } from './support/speech.ts';

const ADMIN = 'the admin key';
/** In the name of the first key's file and the address of its webhook: nobody else may see it anywhere. */
const MARK = 'confidential';

/** Of which each key names its own. */
const LISTS = ['vocabularies', 'dictionaries'] as const;

let service: Service;
let receiver: Receiver;
let first: { id: string; key: string };
let second: { id: string; key: string };
let recording: Uint8Array;
let text: string;
let job: string;
let batch: string;
let voice: string;
let ownVoice: OwnVoice;
let folder: string;
let link: string;
let session: string;

const as = (key: string, method: string, path: string): Promise<Reply> => {
  const body = bodyOf(method, path);
  const headers = { 'X-API-Key': key, ...(body !== null && { 'Content-Type': 'application/json' }) };
  return send(service.url + path, { method, headers, ...(body !== null && { body }) });
};

const EDIT = { base_revision: 0, edits: [{ id: 'theirs-or-mine', operations: [{ type: 'delete', segment: '0' }] }] };

const isRename = (method: string, path: string): boolean =>
  (method === 'PATCH' && path.includes('/voices/')) || (method === 'POST' && path.includes('/voice_consents/'));

/** null: none. */
function bodyOf(method: string, path: string): string | null {
  if (path.endsWith('/feedback') && method === 'PUT') return '{"rating": "up"}';
  if (path.endsWith('/edits') && method === 'POST') return JSON.stringify(EDIT);
  if (isRename(method, path)) return '{"name": "mine"}';
  const isOfLibrary = path.includes('/library') && ['POST', 'PATCH', 'PUT'].includes(method);
  return isOfLibrary || (method === 'POST' && /\/(speakers|dub)$/.test(path)) ? '{}' : null;
}

async function make(form: object): Promise<{ id: string; key: string }> {
  const headers = { 'X-API-Key': ADMIN, 'Content-Type': 'application/json' };
  const body = JSON.stringify({ name: 'second', ...form });
  const { json } = await send(`${service.url}/admin/keys`, { method: 'POST', headers, body });
  return { id: String(json?.id), key: String(json?.key) };
}

/** `field`: of the form that the recording is sent in; null: it is the body, and the fields are in the address. */
function post(key: string, path: string, field: string | null, fields: Record<string, string>): Promise<Reply> {
  const headers = { 'X-API-Key': key };
  if (field === null) {
    const address = `${service.url}${path}?${new URLSearchParams(fields)}`;
    return send(address, { method: 'POST', body: new Uint8Array(recording), headers });
  }
  const form = formOf(null, fields);
  form.append(field, new Blob([new Uint8Array(recording)]), `${MARK}.wav`);
  return send(service.url + path, { method: 'POST', body: form, headers });
}

const routesOf = (kind: Kind): string[][] =>
  Object.entries(ROUTES).flatMap(([route, is]) => (is === kind ? [route.split(' ')] : []));

beforeAll(async () => {
  receiver = await Receiver.open();
  service = await startService({
    env: { ALLOWED_NETWORKS: '127.0.0.1' },
    apiEnv: { ENABLE_API_KEY: 'true', ADMIN_API_KEY: ADMIN, DATABASE_URL: 'pglite:library' },
  });
  await libraryOpen(service.url);
  first = await make({ name: MARK, webhook_url: `${receiver.url}&${MARK}` });
  second = await make({ scopes: ['transcribe', 'read'] });
  ({ bytes: recording } = await phrase(90));
  const reply = await post(first.key, '/transcribe', 'file', { keep: 'true' });
  job = String(reply.headers.get('x-job-id'));
  text = String(reply.json?.text);
  for (const list of LISTS) await putList(first.key, list, [`${MARK} term`]);
  voice = await storeVoice(first.id);
  ownVoice = await storeOwnVoice(service, first.id, MARK);
  session = await signIn(first.key);
  folder = await putFolder(first.key, MARK);
  const shared = await as(first.key, 'POST', `/library/${job}/links`);
  link = String(shared.json?.token);
  await as(first.key, 'PUT', `/library/${job}/feedback`);
  await waitFor(async () => (await as(first.key, 'GET', `/library/${job}`)).json?.status === 'completed', {
    what: 'the transcript to be kept',
  });
  batch = String((await post(first.key, '/batches', 'file', {})).json?.batch_id);
  await waitFor(async () => (await as(first.key, 'GET', `/batches/${batch}`)).json?.status === 'completed', {
    what: 'the batch to end',
  });
  await waitFor(() => Promise.resolve(receiver.calls.length > 0), { what: 'the webhook of the job' });
});

afterAll(async () => {
  await service?.close({ leftovers: true });
  await receiver?.close();
});

/** Id of a session that the first key has in some browser. */
async function signIn(key: string): Promise<string> {
  const headers = { 'Content-Type': 'application/json' };
  await send(`${service.url}/auth/session`, { method: 'POST', headers, body: JSON.stringify({ key }) });
  const { sessions } = (await as(key, 'GET', '/auth/sessions')).json as { sessions: { id: string }[] };
  return String(sessions[0]?.id);
}

/** What is the first key's and may stand in no answer to another. */
const theirMarks = (): string[] => [
  job,
  batch,
  voice,
  ownVoice.id,
  ownVoice.consent,
  folder,
  link,
  session,
  first.id,
  MARK,
  text,
];

/** What a route cannot do without. */
const QUERY: Record<string, string> = { '/jobs/{id}/search': '?q=a' };

function theirThing(path: string): string {
  if (LISTS.some((list) => path.startsWith(`/${list}`))) return MARK;
  if (path.startsWith('/voices/speakers')) return voice;
  if (path.startsWith('/voices') || path.startsWith('/audio/voices')) return ownVoice.id;
  if (path.startsWith('/audio/voice_consents')) return ownVoice.consent;
  if (path.startsWith('/library/folders')) return folder;
  if (path.startsWith('/auth')) return session;
  return path.startsWith('/batches') ? batch : job;
}

const named = (path: string, id: string): string =>
  path.replace(/\{id\}|\{name\}/, id).replace('{link}', randomUUID()) + (QUERY[path] ?? '');

async function storeVoice(keyId: string): Promise<string> {
  const voices = new Voices(service.redis.client(), { prefix: service.prefix, resultTtlSeconds: 60 });
  const heard = { model: 'community-1', embedding: Buffer.alloc(1024, 1).toString('base64'), speechMs: 6_000 };
  const id = randomUUID();
  await voices.put(keyId, { id, name: MARK, consent: MARK, createdAtMs: Date.now(), ...heard }, 1);
  return id;
}

async function putFolder(key: string, name: string): Promise<string> {
  const headers = { 'X-API-Key': key, 'Content-Type': 'application/json' };
  const body = JSON.stringify({ name });
  return String((await send(`${service.url}/library/folders`, { method: 'POST', headers, body })).json?.id);
}

async function putList(key: string, list: (typeof LISTS)[number], words: string[]): Promise<number> {
  const headers = { 'X-API-Key': key, 'Content-Type': 'application/json' };
  const entries = words.map((word) => ({ word, say: word }));
  const body = JSON.stringify(list === 'vocabularies' ? { keyterms: words } : { entries });
  return (await send(`${service.url}/${list}/${MARK}`, { method: 'PUT', headers, body })).status;
}

describe('a second key', () => {
  it('is thought of by every route there is', async () => {
    const { operations } = await DocumentedApi.of(service.url);
    const routes = operations.map(({ method, path }) => `${method.toUpperCase()} ${path}`);
    expect(routes.sort()).toEqual(Object.keys(ROUTES).sort());
  });

  it('finds none of the things that the first one finds, as if they had never been', async () => {
    for (const [method = '', path = ''] of routesOf('theirs')) {
      const theirs = await as(second.key, method, named(path, theirThing(path)));
      const nothing = await as(second.key, method, named(path, randomUUID()));
      expect([method, path, theirs.status, theirs.json?.error]).toEqual([method, path, 404, nothing.json?.error]);
      expect(theirs.json?.detail).toBe(nothing.json?.detail);
      const versioned = await as(second.key, method, `/v1${named(path, theirThing(path))}`);
      expect(versioned.status).toBe(404);
    }
    for (const [method = '', path = ''] of routesOf('theirs').filter(([of]) => of === 'GET')) {
      const own = await as(first.key, method, named(path, theirThing(path)));
      expect([path, own.status]).toEqual([path, 200]);
    }
  });

  it('names its own things as it likes, and changes nothing of the first one', async () => {
    expect(routesOf('name')).toEqual(LISTS.map((list) => ['PUT', `/${list}/{name}`]));
    for (const list of LISTS) {
      expect(await putList(second.key, list, ['hers'])).toBe(201);
      const wordsOf = async (key: string) => (await as(key, 'GET', `/${list}/${MARK}`)).text;
      expect(await wordsOf(second.key)).not.toContain(`${MARK} term`);
      expect(await wordsOf(first.key)).toContain(`${MARK} term`);
      expect((await as(second.key, 'DELETE', `/${list}/${MARK}`)).status).toBe(204);
      expect(await wordsOf(first.key)).toContain(`${MARK} term`);
    }
  });

  it('reads what the first one shares, with the link and nothing else', async () => {
    for (const [method = '', path = ''] of routesOf('link')) {
      expect([path, (await as(second.key, method, path.replace('{token}', link))).status]).toEqual([path, 200]);
      const guessed = await as(second.key, method, path.replace('{token}', link.toLowerCase()));
      expect([path, guessed.status]).toEqual([path, 404]);
    }
  });

  it('finds no upload of the first one', async () => {
    const headers = { 'Tus-Resumable': '1.0.0', 'Upload-Length': '9' };
    const tus = (key: string, method: string, path: string) =>
      send(service.url + path, { method, headers: { ...headers, 'X-API-Key': key } });
    const begun = await tus(first.key, 'POST', '/uploads');
    const path = String(begun.headers.get('location'));
    for (const [method = ''] of routesOf('upload').filter(([, of]) => of?.endsWith('{id}'))) {
      expect([method, (await tus(second.key, method, path)).status]).toEqual([method, 404]);
    }
    expect((await tus(first.key, 'HEAD', path)).status).toBe(200);
    expect((await tus(first.key, 'DELETE', path)).status).toBe(204);
  });

  it('is no operator', async () => {
    for (const [method = '', path = ''] of [...routesOf('admin'), ['GET', '/admin/queues']]) {
      const reply = await as(second.key, method, named(path, first.id));
      expect([method, path, reply.status]).toEqual([method, path, 403]);
    }
  });

  it('is shown nothing of the first one where it sees its own, or what everybody sees', async () => {
    for (const [method = '', path = ''] of [...routesOf('own'), ...routesOf('shared')]) {
      const reply = await as(second.key, method, named(path, 'sotto-nano'));
      expect([path, reply.status]).toEqual([path, 200]);
      for (const mark of theirMarks()) expect([path, reply.text.includes(mark)]).toEqual([path, false]);
    }
  });

  it('that sends the same recording finds no result, but has it transcribed again', async () => {
    const before = await runsMade(service);
    const again = await post(first.key, '/transcribe', 'file', {});
    expect([again.status, await runsMade(service)]).toEqual([200, before]);
    const fields: Record<string, [string | null, Record<string, string>]> = {
      '/transcribe': ['file', {}],
      '/batches': ['file', { prompt: 'in a batch' }],
      '/asr': ['audio_file', { language: 'en' }],
      '/detect-language': ['audio_file', {}],
      '/listen': [null, { keyterm: 'heard again' }],
      '/audio/transcriptions': ['file', { model: 'whisper-1', prompt: 'again' }],
      '/audio/translations': ['file', { model: 'whisper-1' }],
    };
    for (const [, path = ''] of routesOf('work')) {
      const [field = 'file', form = {}] = fields[path] ?? [];
      await post(first.key, path, field, form);
      const runs = await runsMade(service);
      const reply = await post(second.key, path, field, form);
      const status = path === '/batches' ? 202 : 200;
      expect([path, reply.status, await runsMade(service)]).toEqual([path, status, runs + 1]);
    }
    const { jobs } = (await as(second.key, 'GET', '/jobs')).json as { jobs: { job_id: string }[] };
    for (const { job_id: id } of jobs) expect((await as(first.key, 'GET', `/jobs/${id}`)).status).toBe(404);
  });

  it('has left the first one everything', async () => {
    expect((await as(first.key, 'GET', `/jobs/${job}/result`)).json?.text).toBe(text);
    expect((await as(first.key, 'GET', '/auth/verify')).status).toBe(200);
    expect(receiver.calls.filter(({ body }) => JSON.parse(body).data.job_id === job)).toHaveLength(1);
  });
});
