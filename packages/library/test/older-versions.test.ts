import { existsSync } from 'node:fs';
import { readFile, rm } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type PostgresServer, startPostgres, temporaryFolder } from '@sotto/testkit';
import { knownMigrations } from '../src/database/migrations.ts';
import { type Library, openLibrary, restoreLibrary } from '../src/index.ts';

/**
 * dumps/NNNN.jsonl is the same small library, as version NNNN wrote it: folders, shares, links, edits, feedback, items in three
 * languages, one that failed and one in processing. It is put in place with the tables of that version and brought up to date.
 *
 * Whoever adds a migration adds the dump of the version before it: fill a library with that version (Library, as 0001.jsonl
 * has it) and write it with `dumpLibrary`.
 */
const dumpOf = (version: number): URL => new URL(`./dumps/${String(version).padStart(4, '0')}.jsonl`, import.meta.url);
const OLDER = knownMigrations().slice(0, -1);

describe('a library of an older version', () => {
  let server: PostgresServer;
  let folder: string;
  beforeAll(async () => {
    [server, folder] = await Promise.all([startPostgres(), temporaryFolder('library')]);
  }, 60_000);
  afterAll(async () => {
    await server.close();
    await rm(folder, { recursive: true, force: true });
  });

  it('is here, of each version', async () => {
    for (const { version } of OLDER) {
      expect([version, existsSync(dumpOf(version))]).toEqual([version, true]);
      const [begin = ''] = (await readFile(dumpOf(version), 'utf8')).split('\n');
      const { migrations } = JSON.parse(begin) as { migrations: { version: number }[] };
      expect(migrations.at(-1)?.version).toBe(version);
    }
  });

  it.each(OLDER.map(({ version }) => version))('%i is brought up to date, in both databases', async (version) => {
    const lines = (await readFile(dumpOf(version), 'utf8')).trim().split('\n');
    const read = async (put: (line: string) => Promise<void>) => {
      for (const line of lines) await put(line);
    };
    for (const url of [await server.createDatabase(), `pglite:${folder}`]) {
      await restoreLibrary(url, { replace: true, read });
      const library = await openLibrary(url);
      await expectAll(library).finally(() => library.close());
    }
  });
});

async function expectAll(library: Library): Promise<void> {
  const found = async (query: string) => {
    const page = await library.list({ account: 'anna', query, sort: 'created', order: 'asc', limit: 10 });
    return page.items.map(({ item, hits }) => [item.title, hits[0]?.text]);
  };
  expect(await found('"net profit"')).toEqual([['Budget', 'Our net profits ran away this year.']]);
  expect(await found('"profits net"')).toEqual([]);
  expect(await found('haus')).toEqual([['Besprechung', 'Die Häuser am Rand der Stadt sind alt.']]);
  expect(await found('北京')).toEqual([['大学', '我们今天去北京大学']]);
  expect(await found('odd')).toEqual([['It\'s "odd" \\ here', undefined]]);

  const { items } = await library.list({ account: 'anna', sort: 'created', order: 'asc', limit: 10 });
  expect(items.map(({ item }) => item.status)).toEqual(['completed', 'completed', 'completed', 'failed']);
  const budget = items[0]?.item;
  const id = budget?.id ?? '';
  expect(budget).toMatchObject({
    tags: ['work', '"a b"'],
    revision: 2,
    speakerNames: ['Ann', 'Ben'],
    audioKey: 'library/0',
    keepUntil: new Date('2030-01-01T00:00:00.123Z'),
  });
  expect((await library.items.canonical(id))?.encoding).toBe('json');
  expect(await library.edits.list(id)).toMatchObject([
    { revision: 1, madeBy: 'anna', operation: [{ type: 'replace_text', text: 'ü "\\' }] },
    { revision: 2, madeBy: 'ben', operation: [{ type: 'undo' }] },
  ]);
  expect(await library.links.itemOf('hash-0')).toBe(id);
  expect(await library.feedback.of(id, 'ben')).toMatchObject({ rating: 'up', note: 'names' });
  expect(await library.folders.seenBy('ben')).toMatchObject([{ name: 'Talks', rights: 'edit' }]);
  expect(await library.accounts.retentionDays('anna')).toBe(30);
  expect(await library.items.removals(10)).toContain('library/gone');
  // What is written from now on is found as well.
  await library.items.change(id, { title: 'Another heading' });
  expect(await found('"another heading"')).toEqual([['Another heading', undefined]]);
}
