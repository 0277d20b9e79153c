/** @long */
import { randomUUID } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import {
  filesUnder,
  type PostgresServer,
  type RedisServer,
  type Service,
  speak,
  startPostgres,
  startRedis,
  startService,
  waitFor,
} from '@sotto/testkit';
import { type Home, makeHome } from './home.ts';
import { type Finished, run } from './run.ts';

jest.setTimeout(300_000);

const PREFIX = 'tkept';

interface Item {
  id: string;
  status: string;
  revision: number;
}

/** What a reader sees of an item. */
interface Seen {
  item: Item;
  transcript: unknown;
  edits: { revision: number }[];
  links: unknown;
  feedback: unknown;
  recording: Buffer;
}

let home: Home;
let postgres: PostgresServer;
let recording: Uint8Array;
/** The newest backup. */
let file = '';

beforeAll(async () => {
  [home, postgres] = await Promise.all([makeHome(), startPostgres()]);
  const path = join(home.folder, 'counting.wav');
  await speak('hello world one two three', { voice: 'en-us', speed: 130, path });
  recording = new Uint8Array(await readFile(path));
});

afterAll(async () => {
  await postgres?.close();
  await home?.remove();
});

const ask = async (url: string, method: string, path: string, body?: object): Promise<Response> => {
  const headers = body === undefined ? {} : { 'Content-Type': 'application/json' };
  const answer = await fetch(url + path, { method, headers, body: body === undefined ? null : JSON.stringify(body) });
  if (!answer.ok && answer.status !== 404)
    throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
  return answer;
};
const json = async <T>(answer: Promise<Response>): Promise<T> => (await (await answer).json()) as T;

/** Accepted, and in the library. */
async function keep(url: string): Promise<string> {
  const form = new FormData();
  form.append('file', new Blob([recording]), `${randomUUID()}.wav`);
  for (const [name, value] of Object.entries({ keep: 'true', async: 'true', cache: 'false' })) form.append(name, value);
  const answer = await fetch(`${url}/transcribe`, { method: 'POST', body: form });
  return ((await answer.json()) as { job_id: string }).job_id;
}

const itemsOf = async (url: string): Promise<Item[]> =>
  (await json<{ items: Item[] }>(ask(url, 'GET', '/library?limit=100&order=asc'))).items;

const ended = (url: string, id: string): Promise<Item> =>
  waitFor(
    async () => {
      const item = await json<Item>(ask(url, 'GET', `/library/${id}`));
      return item.status === 'processing' ? null : item;
    },
    { what: `item ${id} to end`, timeoutMs: 120_000 },
  );

/** An edit on whatever revision there is. */
async function edit(url: string, id: string): Promise<void> {
  const { revision, segments } = await json<{ revision: number; segments: { id: string }[] }>(
    ask(url, 'GET', `/library/${id}/transcript`),
  );
  const operation = { type: 'replace_text', segment: segments[0]?.id, from_word: 0, to_word: 1, text: `n${revision}` };
  const edits = [{ id: randomUUID(), operations: [operation] }];
  await ask(url, 'POST', `/library/${id}/edits`, { base_revision: revision, edits });
}

async function seen(url: string, item: Item): Promise<Seen> {
  const part = <T>(name: string) => json<T>(ask(url, 'GET', `/library/${item.id}/${name}`));
  const audio = await ask(url, 'GET', `/library/${item.id}/audio`);
  const feedback = await ask(url, 'GET', `/library/${item.id}/feedback`);
  return {
    item,
    transcript: await part('transcript'),
    edits: (await part<{ edits: { revision: number }[] }>('edits')).edits,
    links: await part('links'),
    feedback: feedback.status === 204 ? null : await feedback.json(),
    recording: Buffer.from(await audio.arrayBuffer()),
  };
}

const opened = (url: string): Promise<boolean> =>
  waitFor(async () => (await fetch(`${url}/library`)).status === 200, { what: 'the library', timeoutMs: 120_000 });

const DATABASES = {
  PGlite: async () => `pglite:${join(home.folder, randomUUID())}`,
  PostgreSQL: () => postgres.createDatabase(),
};

const at = (redis: RedisServer, blobFolder: string, databaseUrl: string): Record<string, string> => ({
  REDIS_URL: redis.url,
  TEMP_DIR: blobFolder,
  QUEUE_PREFIX: PREFIX,
  DATABASE_URL: databaseUrl,
});

describe.each(Object.entries(DATABASES))('a backup of a library in %s', (_name, database) => {
  let service: Service;
  let databaseUrl: string;
  let first = '';
  let before: Seen;

  beforeAll(async () => {
    databaseUrl = await database();
    service = await startService({ prefix: PREFIX, apiEnv: { DATABASE_URL: databaseUrl } });
    await opened(service.url);
    const folder = await json<{ id: string }>(ask(service.url, 'POST', '/library/folders', { name: 'Talks' }));
    first = await keep(service.url);
    await ended(service.url, first);
    await ask(service.url, 'PATCH', `/library/${first}`, { title: 'Counting', tags: ['a'], folder: folder.id });
    await ask(service.url, 'POST', `/library/${first}/links`, { days: 3 });
    await ask(service.url, 'PUT', `/library/${first}/feedback`, { rating: 'down', note: 'names' });
    await edit(service.url, first);
    before = await seen(service.url, await json<Item>(ask(service.url, 'GET', `/library/${first}`)));
  });
  afterAll(() => service?.close({ leftovers: true }), 60_000);

  it('is written while recordings are kept, corrected and deleted', async () => {
    const { url } = service;
    const corrected = await keep(url);
    await ended(url, corrected);
    let isOver = false;
    const until = async (most: number, work: () => Promise<unknown>) => {
      for (let done = 0; done < most && !isOver; done += 1) await work();
    };
    const keeping = until(8, () => keep(url));
    const editing = until(200, () => edit(url, corrected));
    const deleting = until(8, async () => ask(url, 'DELETE', `/library/${await keep(url)}`));
    const finished: Finished = await run(home, ['backup', join(home.folder, randomUUID())], {
      ...at(service.redis, service.blobFolder, databaseUrl),
      SOTTO_SERVER: service.url,
    });
    isOver = true;
    await Promise.all([keeping, editing, deleting]);
    expect(finished).toMatchObject({ code: 0 });
    file = finished.stdout.trim();
    expect(await run(home, ['restore', '--check', file])).toMatchObject({
      code: 0,
      stderr: expect.stringContaining('and the library of'),
    });
  });

  it('gives a service with the same library, also where the first restore was cut short', async () => {
    const url = await database();
    const again = await startService({
      prefix: PREFIX,
      apiEnv: { DATABASE_URL: url },
      begin: async ({ redis, blobFolder }) => {
        const env = at(redis, blobFolder, url);
        const interrupted = await home.sotto(['restore', file], env);
        await waitFor(async () => (await filesUnder(blobFolder)).length > 0 || interrupted.exit !== null, {
          what: 'the restore to be under way',
          timeoutMs: 60_000,
          intervalMs: 1,
        });
        await interrupted.kill9();
        expect(await run(home, ['restore', file, '--replace'], env)).toMatchObject({ code: 0 });
        expect(await run(home, ['restore', file], env)).toMatchObject({
          code: 1,
          stderr: expect.stringContaining('--replace'),
        });
      },
    });
    try {
      await opened(again.url);
      expect(await seen(again.url, await json<Item>(ask(again.url, 'GET', `/library/${first}`)))).toEqual(before);
      const folders = await json<{ folders: { name: string }[] }>(ask(again.url, 'GET', '/library/folders'));
      expect(folders.folders).toMatchObject([{ name: 'Talks' }]);
      const restored = await itemsOf(again.url);
      expect(restored.length).toBeGreaterThan(2);
      for (const { id } of restored) {
        const original = await fetch(`${service.url}/library/${id}/edits`);
        const { status } = await ended(again.url, id);
        // What was being deleted may have been cancelled; what was waiting or running is done now.
        if (original.status === 404 && status === 'cancelled') continue;
        expect(status).toBe('completed');
        const now = await seen(again.url, await json<Item>(ask(again.url, 'GET', `/library/${id}`)));
        expect(now.recording).toEqual(Buffer.from(recording));
        expect(now.edits.map(({ revision }) => revision)).toEqual(now.edits.map((_, index) => index + 1));
        expect(now.edits).toHaveLength(now.item.revision);
        if (original.status === 404) continue;
        const { edits } = (await original.json()) as { edits: { revision: number }[] };
        expect(now.edits).toEqual(edits.slice(0, now.edits.length));
      }
    } finally {
      await again.close({ leftovers: true });
    }
  });
});

describe('a backup of a library', () => {
  it('is refused by a service that has no library, and changes nothing there', async () => {
    const redis = await startRedis();
    try {
      const env = at(redis, join(home.folder, randomUUID()), 'none');
      expect(await run(home, ['restore', file], env)).toMatchObject({
        code: 2,
        stderr: expect.stringContaining('DATABASE_URL'),
      });
      expect(await redis.client().dbsize()).toBe(0);
    } finally {
      await redis.close();
    }
  });

  it('is refused when its library is not what was written', async () => {
    const damaged = join(home.folder, randomUUID());
    const bytes = await readFile(file);
    const at = bytes.indexOf('"type":"begin"');
    bytes.writeUInt8(bytes.readUInt8(at) ^ 1, at);
    await writeFile(damaged, bytes);
    expect(await run(home, ['restore', '--check', damaged])).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('damaged'),
    });
  });
});
