import { and, arrayContains, asc, desc, eq, gte, isNotNull, lte, or, type SQL, sql } from 'drizzle-orm';
import { rowsOf } from '../database/rows.ts';
import { type Db, type ItemStatus, items, searchTexts } from '../database/schema.ts';
import type { Item } from '../items/item.ts';
import { spacedQuery } from '../text/blankless.ts';
import { cursorOf, type Place, type Sort } from './cursor.ts';
import { findHits, type Hit } from './hits.ts';

export interface ListQuery {
  /** Whose items; with `folderId`: all items in that folder, whoever asks. */
  account: string;
  folderId?: string;
  /** As people write it: words, "phrases", or, -without. */
  query?: string;
  /** All of them. */
  tags?: string[];
  language?: string;
  status?: ItemStatus;
  /** A speaker's name. */
  speaker?: string;
  from?: Date;
  to?: Date;
  sort: Sort;
  order: 'asc' | 'desc';
  after?: Place;
  limit: number;
}

export interface ListedItem {
  item: Item;
  /** Where the words that were asked for are said; empty where only the title has them, or none were asked for. */
  hits: Hit[];
}

export interface ItemPage {
  items: ListedItem[];
  /** Of the next page; null: this is the last. */
  cursor: string | null;
}

const SORTED_BY: Record<Sort, SQL> = {
  created: sql`${items.createdAt}`,
  updated: sql`${items.updatedAt}`,
  title: sql`lower(${items.title})`,
  duration: sql`coalesce(${items.durationMs}, 0)`,
};

/** Finds, filters and sorts items, a page at a time. */
export async function listItems(db: Db, query: ListQuery): Promise<ItemPage> {
  const key = SORTED_BY[query.sort];
  const direction = query.order === 'asc' ? asc : desc;
  const text = query.query === undefined ? null : await matching(db, query, query.query);
  const rows = await db
    .select({ item: items, text: searchTexts })
    .from(items)
    .innerJoin(searchTexts, eq(searchTexts.itemId, items.id))
    .where(and(...filtersOf(query), text ?? undefined, afterPlace(query, key)))
    .orderBy(direction(key), direction(items.id))
    .limit(query.limit + 1);
  const page = rows.slice(0, query.limit);
  const hits =
    query.query === undefined
      ? null
      : await findHits(
          db,
          query.query,
          page.map((row) => row.text),
        );
  const last = page.at(-1);
  return {
    items: page.map(({ item }) => ({ item, hits: hits?.get(item.id) ?? [] })),
    cursor: rows.length > query.limit && last !== undefined ? cursorOf(query.sort, last.item) : null,
  };
}

function filtersOf(query: ListQuery): (SQL | undefined)[] {
  const { tags = [], language, status, speaker, from, to } = query;
  return [
    isNotNull(items.acceptedAt),
    query.folderId === undefined ? eq(items.account, query.account) : eq(items.folderId, query.folderId),
    tags.length > 0 ? arrayContains(items.tags, tags) : undefined,
    language === undefined ? undefined : eq(items.language, language),
    status === undefined ? undefined : eq(items.status, status),
    speaker === undefined ? undefined : arrayContains(items.speakerNames, [speaker]),
    from === undefined ? undefined : gte(items.createdAt, from),
    to === undefined ? undefined : lte(items.createdAt, to),
  ];
}

function afterPlace({ sort, order, after }: ListQuery, key: SQL): SQL | undefined {
  if (after === undefined) return undefined;
  const isTime = sort === 'created' || sort === 'updated';
  const place =
    sort === 'title'
      ? sql`lower(${after.value})`
      : isTime
        ? sql`${after.value}::timestamptz`
        : sql`${after.value}::bigint`;
  return order === 'asc'
    ? sql`(${key}, ${items.id}) > (${place}, ${after.id})`
    : sql`(${key}, ${items.id}) < (${place}, ${after.id})`;
}

/**
 * Each text is searched in its own language: a condition for each configuration that is in use here. What a condition
 * asks for is known when the query is planned, so that the index of words can be used.
 */
async function matching(db: Db, query: ListQuery, text: string): Promise<SQL> {
  const inUse = query.folderId === undefined ? await ofAccount(db, query.account) : await ofFolder(db, query.folderId);
  const spaced = spacedQuery(text);
  const conditions = inUse.map((name) => {
    const asked = sql`websearch_to_tsquery(${sql.raw(`'${name}'`)}, ${spaced})`;
    return sql`(${searchTexts.configuration} = ${name} AND ${searchTexts.words} @@ ${asked})`;
  });
  return or(...conditions) ?? sql`false`;
}

/** Jumps from one to the next in the index instead of reading every item's. */
async function ofAccount(db: Db, account: string): Promise<string[]> {
  const rows = rowsOf<{ name: string }>(
    await db.execute(sql`
      WITH RECURSIVE used AS (
        (SELECT configuration AS name FROM search_texts WHERE account = ${account} ORDER BY configuration LIMIT 1)
        UNION ALL
        SELECT (SELECT configuration FROM search_texts WHERE account = ${account} AND configuration > used.name
                ORDER BY configuration LIMIT 1)
        FROM used WHERE used.name IS NOT NULL)
      SELECT name FROM used WHERE name IS NOT NULL`),
  );
  return namesOf(rows);
}

async function ofFolder(db: Db, folderId: string): Promise<string[]> {
  const rows = rowsOf<{ name: string }>(
    await db.execute(sql`
      SELECT DISTINCT t.configuration AS name FROM search_texts t JOIN items i ON i.id = t.item_id
      WHERE i.folder_id = ${folderId}`),
  );
  return namesOf(rows);
}

/** They become part of a query. */
const namesOf = (rows: readonly { name: string }[]): string[] =>
  rows.map(({ name }) => name).filter((name) => /^[a-z]+$/.test(name));
