import { randomUUID } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type PostgresServer, startPostgres, temporaryFolder } from '@sotto/testkit';
import { getTableName, is, sql } from 'drizzle-orm';
import { PgTable } from 'drizzle-orm/pg-core';
import { openDatabase } from '../src/database/open.ts';
import * as schema from '../src/database/schema.ts';
import { TABLES } from '../src/dump/format.ts';
import { type Library, openLibrary, restoreLibrary } from '../src/index.ts';
import { newItem, transcriptOf } from './contract.ts';

const ME = 'it\'s "me" \\ ü';

describe('a dump of the library', () => {
  let server: PostgresServer;
  const folders: string[] = [];
  beforeAll(async () => {
    server = await startPostgres();
  }, 60_000);
  afterAll(async () => {
    await server.close();
    await Promise.all(folders.map((folder) => rm(folder, { recursive: true, force: true })));
  });

  const PLACES = {
    PostgreSQL: () => server.createDatabase(),
    PGlite: async () => {
      const folder = await temporaryFolder('library');
      folders.push(folder);
      return `pglite:${folder}`;
    },
  };
  type Kind = keyof typeof PLACES;

  it('has every table', () => {
    const tables = Object.values(schema).flatMap((one) => (is(one, PgTable) ? [getTableName(one)] : []));
    expect([...TABLES].sort()).toEqual(tables.sort());
  });

  it.each<[Kind, Kind]>([
    ['PostgreSQL', 'PGlite'],
    ['PGlite', 'PostgreSQL'],
  ])('of %s is the same in %s', async (from, to) => {
    const [source, target] = [await PLACES[from](), await PLACES[to]()];
    const library = await openLibrary(source);
    const ids = await fill(library);
    const lines: string[] = [];
    // Whatever is written while it is being read is not in it.
    let isWritten = from === 'PGlite';
    await library.dump(async (line) => {
      lines.push(line);
      if (isWritten) return;
      isWritten = true;
      await library.items.remove([ids[1] ?? '']);
      await library.items.add(newItem({ account: ME }));
    });
    await library.close();

    await restoreLibrary(target, { replace: false, read: putting(lines) });
    const again: string[] = [];
    const restored = await openLibrary(target);
    try {
      await restored.dump(async (line) => void again.push(line));
      expect(rowsOf(again)).toEqual(rowsOf(lines));
      const { items } = await restored.list({
        account: ME,
        sort: 'created',
        order: 'asc',
        limit: 5,
        query: '"net profit"',
      });
      expect(items.map(({ item }) => item.id)).toEqual(ids);
      expect(items[0]?.hits).toMatchObject([{ startMs: 1000, text: 'Our net profits ran away.' }]);
    } finally {
      await restored.close();
    }
  });

  it('replaces a library only when it is told to, and as a whole', async () => {
    const [source, target] = [await openLibrary(await server.createDatabase()), await server.createDatabase()];
    await fill(source);
    const lines: string[] = [];
    await source.dump(async (line) => void lines.push(line));
    await source.close();
    const before = await openLibrary(target);
    const [kept] = await fill(before);
    await before.close();
    await expect(restoreLibrary(target, { replace: false, read: putting(lines) })).rejects.toMatchObject({
      code: 'not_empty',
    });
    const cut = lines.slice(0, -1);
    for (const damaged of [cut, [...cut.slice(0, -1), lines.at(-1) ?? ''], ['{']]) {
      await expect(restoreLibrary(target, { replace: true, read: putting(damaged) })).rejects.toMatchObject({
        code: 'damaged',
      });
    }
    const after = await openLibrary(target);
    expect(await after.items.find(kept ?? '')).toMatchObject({ id: kept });
    await after.close();
    await restoreLibrary(target, { replace: true, read: putting(lines) });
    const replaced = await openLibrary(target);
    expect(await replaced.items.find(kept ?? '')).toBeNull();
    await replaced.close();
  });

  it('is refused where it, or what is to be dumped, is of a newer version', async () => {
    const url = await server.createDatabase();
    const library = await openLibrary(url);
    const lines: string[] = [];
    await library.dump(async (line) => void lines.push(line));
    const [begin = '', ...rest] = lines;
    const { migrations } = JSON.parse(begin) as { migrations: object[] };
    const newer = JSON.stringify({
      type: 'begin',
      migrations: [...migrations, { version: 999, name: 'x', sha256: 'x' }],
    });
    const target = await server.createDatabase();
    await expect(restoreLibrary(target, { replace: false, read: putting([newer, ...rest]) })).rejects.toMatchObject({
      code: 'newer',
    });
    const { db, close } = await openDatabase(url);
    await db.execute(sql`INSERT INTO migrations VALUES (999, 'x', 'x', true, now())`);
    await close();
    await expect(library.dump(async () => {})).rejects.toMatchObject({ code: 'newer' });
    await library.close();
  });
});

const putting = (lines: readonly string[]) => async (put: (line: string) => Promise<void>) => {
  for (const line of lines) await put(line);
};

/** In no order. */
function rowsOf(lines: readonly string[]): string[] {
  return lines
    .flatMap((line) => {
      const { rows, table } = JSON.parse(line) as { rows?: unknown; table?: string };
      return Array.isArray(rows) ? rows.map((row) => `${table} ${JSON.stringify(row)}`) : [];
    })
    .sort();
}

async function fill(library: Library): Promise<string[]> {
  const folder = await library.folders.add({ id: randomUUID(), account: ME, name: 'Talks' });
  await library.folders.share(folder?.id ?? '', [{ account: 'friend', rights: 'edit' }]);
  await library.accounts.setRetention(ME, 30);
  const ids: string[] = [];
  for (let number = 0; number < 3; number += 1) {
    const audio = { key: `library/${number}`, bytes: 5, type: 'audio/wav' };
    const item = newItem({
      account: ME,
      tags: ['a b', '"c"'],
      folderId: folder?.id ?? null,
      audio,
      keepUntil: new Date(),
    });
    ids.push(item.id);
    await library.items.add(item);
    await library.items.complete(
      item.id,
      transcriptOf('en', ['Hello.', 'Our net profits ran away.', `Ü ${number} \\ '`]),
    );
    const operation = { type: 'replace_text', text: 'ü "\\ \u2028', at: 0.1 };
    await library.edits.append(item.id, async () => [
      { operationId: 'one', baseRevision: 0, operation, madeBy: ME },
      { operationId: 'two', baseRevision: 1, operation: [operation], madeBy: 'friend' },
    ]);
    await library.links.add({ id: randomUUID(), itemId: item.id, tokenHash: randomUUID(), expiresAt: new Date() });
    await library.feedback.give({ itemId: item.id, account: ME, rating: 'up', note: 'fine' });
  }
  const gone = newItem({ account: ME, audio: { key: 'library/gone', bytes: 1, type: 'audio/wav' } });
  await library.items.add(gone);
  await library.items.remove([gone.id]);
  return ids;
}
