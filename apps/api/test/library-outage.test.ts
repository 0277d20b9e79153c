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
