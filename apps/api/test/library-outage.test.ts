import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { filesUnder, type PostgresServer, type Service, startPostgres, startService, waitFor } from '@sotto/testkit';
import { accepted, ended } from './support/jobs.ts';
import { LibraryOf, libraryOpen } from './support/library.ts';
import { expectError, send } from './support/replies.ts';
import { expectHeard, phrase } from './support/speech.ts';

/** Processes and databases die here; library.test.ts has what a library does while they live. */
jest.setTimeout(120_000);

let server: PostgresServer;
let recording: Uint8Array;
let text: string;

beforeAll(async () => {
  server = await startPostgres();
  ({ bytes: recording, text } = await phrase(61));
});

afterAll(() => server.close());

const readiness = async (url: string) => (await send(`${url}/health/ready`)).json;
const recordingOf = (service: Service, id: string): string => join(service.blobFolder, 'library', id);

/** Whole: with transcript and recording. Gone: without either, once what was let go of has been removed. */
async function expectWholeOrGone(service: Service, library: LibraryOf, id: string): Promise<void> {
  const { status } = await library.get(`/${id}`);
  if (status === 200) {
    expect((await library.get(`/${id}/result?format=text`)).status).toBe(200);
    expect((await library.get(`/${id}/audio`)).headers.get('content-length')).toBe(String(recording.length));
    return;
  }
  expect(status).toBe(404);
  await waitFor(() => !existsSync(recordingOf(service, id)), {
    what: `the recording of ${id} to go`,
    timeoutMs: 60_000,
  });
}

describe('a database that is away', () => {
  let service: Service;
  let library: LibraryOf;

  beforeAll(async () => {
    service = await startService({ apiEnv: { DATABASE_URL: await server.createDatabase() } });
    library = new LibraryOf(service.url);
    await libraryOpen(service.url);
  });

  afterAll(() => service?.close());

  it('keeps nobody from transcribing, and nothing is lost that was to be kept', async () => {
    const worker = service.workers[0]?.process;
    worker?.signal('SIGSTOP');
    const { json } = await library.keep(recording, { language: 'en' });
    const id = String(json?.job_id);
    await server.kill9();
    worker?.signal('SIGCONT');

    const refused = await library.keep(recording, { cache: 'false' });
    expectError(refused, 503, 'library_unavailable');
    expect(refused.headers.get('retry-after')).toMatch(/^\d+$/);
    expectError(await library.get(), 503, 'library_unavailable');
    const ready = await waitFor(
      async () => {
        const now = await readiness(service.url);
        return now?.status === 'degraded' ? now : null;
      },
      { what: 'the service to say so' },
    );
    expect(ready).toMatchObject({ checks: { library: false } });
    const other = await accepted(service.url, recording, { cache: 'false' });
    expect(await ended(service.url, other)).toMatchObject({ status: 'completed' });
    expect(await ended(service.url, id)).toMatchObject({ status: 'completed' });

    await server.restart();
    await libraryOpen(service.url);
    expect(await library.ended(id)).toMatchObject({ status: 'completed' });
    expectHeard((await library.get(`/${id}/result`)).json?.text, text);
    expect((await filesUnder(join(service.blobFolder, 'library'))).length).toBe(1);
    await library.send('DELETE', `/${id}`);
  });
});

describe('a PostgreSQL that is killed', () => {
  let service: Service;
  let library: LibraryOf;
  let database: PostgresServer;

  beforeAll(async () => {
    // After kill -9, it recovers what was committed from its log.
    database = await startPostgres({ fsync: 'on' });
    service = await startService({ apiEnv: { DATABASE_URL: await database.createDatabase() } });
    library = new LibraryOf(service.url);
    await libraryOpen(service.url);
  });

  afterAll(async () => {
    // Of requests that were refused, more may be left for the sweeps, which look after a minute.
    await service?.close({ leftovers: true }).finally(() => database?.close());
  });

  /** Kills the server as soon as `isTime` says so, waits for the work to end, and starts it again. */
  async function killedWhile(work: () => Promise<unknown>, isTime: () => boolean): Promise<void> {
    const working = work();
    await waitFor(isTime, { what: 'the work to be under way', intervalMs: 1 });
    await database.kill9();
    await working;
    await database.restart();
    await libraryOpen(service.url);
  }

  it('in the middle of keeping: what was accepted has its transcript and its recording', async () => {
    const acknowledged: string[] = [];
    await killedWhile(
      () =>
        Promise.all(
          Array.from({ length: 24 }, async (_, at) => {
            const { status, json } = await library.keep(recording, { language: 'en', cache: 'false' }, `${at}.wav`);
            expect([202, 503]).toContain(status);
            if (status === 202) acknowledged.push(String(json?.job_id));
          }),
        ),
      () => acknowledged.length >= 2,
    );
    for (const id of acknowledged) {
      expect(await library.ended(id, 60_000)).toMatchObject({ status: 'completed' });
      await expectWholeOrGone(service, library, id);
    }
    for (const id of await library.ids('?limit=100')) await library.send('DELETE', `/${id}`);
  });

  it('in the middle of editing: what was acknowledged is in the journal, once, and what was not can be sent again', async () => {
    const { id } = await library.kept(recording, { language: 'en' });
    const edits = Array.from({ length: 200 }, (_, at) => ({
      id: randomUUID(),
      operations: [{ type: 'replace_text', segment: '0', from_word: 0, to_word: 1, text: `n${at}` }],
    }));
    let acknowledged = 0;
    const send = async () => {
      for (const edit of edits) {
        const { status } = await library.send('POST', `/${id}/edits`, { base_revision: acknowledged, edits: [edit] });
        if (status !== 200) return;
        acknowledged += 1;
      }
    };
    await killedWhile(send, () => acknowledged >= 5);
    const journal = async () =>
      (await library.get(`/${id}/edits`)).json as { edits: { id: string; revision: number }[] };
    const stored = (await journal()).edits;
    // One may have been committed without an answer.
    expect([acknowledged, acknowledged + 1]).toContain(stored.length);
    expect(stored.map((edit) => edit.id)).toEqual(edits.slice(0, stored.length).map((edit) => edit.id));
    const again = edits[acknowledged];
    const reply = await library.send('POST', `/${id}/edits`, { base_revision: acknowledged, edits: [again ?? {}] });
    expect(reply.status).toBe(200);
    expect((await journal()).edits.map((edit) => edit.id)).toEqual(
      edits.slice(0, acknowledged + 1).map((edit) => edit.id),
    );
    await library.send('DELETE', `/${id}`);
  });

  it('in the middle of deleting and importing: items are whole or gone, and both can be repeated', async () => {
    for (let at = 0; at < 6; at += 1) await library.kept(recording, { language: 'en' }, `${at}.wav`);
    const archive = new Uint8Array(await (await library.fetch('/export')).arrayBuffer());
    const ids = await library.ids();
    let deleted = 0;
    await killedWhile(
      async () => {
        for (const id of ids) {
          const { status } = await library.send('DELETE', `/${id}`);
          expect([204, 503]).toContain(status);
          if (status === 204) deleted += 1;
        }
      },
      () => deleted >= 1,
    );
    for (const id of ids) await expectWholeOrGone(service, library, id);
    for (const id of await library.ids()) expect((await library.send('DELETE', `/${id}`)).status).toBe(204);

    let added = 0;
    const counting = setInterval(
      () =>
        void library
          .ids()
          .then((all) => (added = all.length))
          .catch(() => {}),
      5,
    );
    await killedWhile(
      async () => library.import(archive),
      () => added >= 1,
    ).finally(() => clearInterval(counting));
    for (const id of await library.ids()) await expectWholeOrGone(service, library, id);
    expect((await library.import(archive)).status).toBe(200);
    const imported = await library.ids();
    expect(imported).toHaveLength(6);
    for (const id of imported) await expectWholeOrGone(service, library, id);
  });
});

describe('an API that is killed', () => {
  let service: Service;

  beforeAll(async () => {
    service = await startService({ apiEnv: { DATABASE_URL: await server.createDatabase() } });
    await libraryOpen(service.url);
  });

  afterAll(async () => {
    const library = new LibraryOf(service.apis.at(-1)?.url ?? service.url);
    for (const id of await library.ids('?limit=100')) await library.send('DELETE', `/${id}`);
    // Of requests that were never answered, more may be left for the sweeps, which look after a minute.
    await service?.close({ leftovers: true });
  });

  /** Kills the newest API as soon as `isTime` says so, and starts another. */
  async function killedWhile(
    work: (library: LibraryOf) => Promise<unknown>,
    isTime: () => boolean,
  ): Promise<LibraryOf> {
    const api = service.apis.at(-1);
    const working = work(new LibraryOf(api?.url ?? service.url)).catch(() => 'the API is gone');
    await waitFor(isTime, { what: 'the work to be under way', intervalMs: 1 });
    await api?.process.kill9();
    await working;
    const { url } = await service.addApi();
    await libraryOpen(url);
    return new LibraryOf(url);
  }

  it('in the middle of keeping: what it accepted has its transcript and its recording', async () => {
    const acknowledged: string[] = [];
    const keepMany = (library: LibraryOf) =>
      Promise.all(
        Array.from({ length: 24 }, async (_, at) => {
          const { status, json } = await library.keep(recording, { language: 'en', cache: 'false' }, `${at}.wav`);
          if (status === 202) acknowledged.push(String(json?.job_id));
        }),
      );
    const library = await killedWhile(keepMany, () => acknowledged.length >= 3);
    for (const id of acknowledged) {
      expect(await library.ended(id, 60_000)).toMatchObject({ status: 'completed' });
      await expectWholeOrGone(service, library, id);
    }
  });

  it('in the middle of deleting: an item is whole, or gone with its recording', async () => {
    const before = new LibraryOf(service.apis.at(-1)?.url ?? service.url);
    const ids: string[] = [];
    for (let at = 0; at < 8; at += 1) ids.push((await before.kept(recording, { language: 'en' }, `${at}.wav`)).id);
    const deleted: string[] = [];
    const deleteAll = async (library: LibraryOf) => {
      for (const id of ids) {
        await library.send('DELETE', `/${id}`);
        deleted.push(id);
      }
    };
    const library = await killedWhile(deleteAll, () => deleted.length >= 2);
    for (const id of deleted) expect((await library.get(`/${id}`)).status).toBe(404);
    for (const id of ids) await expectWholeOrGone(service, library, id);
  });

  it('in the middle of an import: items are whole or not there, and the same archive completes them', async () => {
    const before = new LibraryOf(service.apis.at(-1)?.url ?? service.url);
    for (const id of await before.ids('?limit=100')) await before.send('DELETE', `/${id}`);
    for (let at = 0; at < 6; at += 1) await before.kept(recording, { language: 'en' }, `${at}.wav`);
    const archive = new Uint8Array(await (await before.fetch('/export')).arrayBuffer());
    for (const id of await before.ids()) await before.send('DELETE', `/${id}`);

    let added = 0;
    const count = async () => {
      added = (await before.ids().catch(() => [])).length;
    };
    const counting = setInterval(() => void count(), 5);
    const library = await killedWhile(
      (through) => through.import(archive),
      () => added >= 1,
    ).finally(() => clearInterval(counting));
    for (const id of await library.ids()) await expectWholeOrGone(service, library, id);
    expect((await library.import(archive)).status).toBe(200);
    const ids = await library.ids();
    expect(ids).toHaveLength(6);
    for (const id of ids) await expectWholeOrGone(service, library, id);
  });
});
