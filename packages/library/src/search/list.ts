import { and, arrayContains, asc, desc, eq, gte, isNotNull, lte, type SQL, sql } from 'drizzle-orm';
import { type Db, type ItemStatus, items, searchTexts } from '../database/schema.ts';
import type { Item } from '../items/item.ts';
import { cursorOf, type Place, type Sort } from './cursor.ts';
import { findHits, type Hit } from './hits.ts';
import { matching } from './matching.ts';

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
  const matches = query.query === undefined ? undefined : await matching(db, query, query.query);
  const all = db.select({ item: items }).from(items).$dynamic();
  const some = matches === undefined ? all : all.innerJoin(searchTexts, eq(searchTexts.itemId, items.id));
  const rows = await some
    .where(and(...filtersOf(query), matches, afterPlace(query, key)))
    .orderBy(direction(key), direction(items.id))
    .limit(query.limit + 1);
  const page = rows.slice(0, query.limit).map(({ item }) => item);
  const hits = await findHits(db, query.query ?? '', page);
  const last = page.at(-1);
  return {
    items: page.map((item) => ({ item, hits: hits.get(item.id) ?? [] })),
    cursor: rows.length > query.limit && last !== undefined ? cursorOf(query.sort, last) : null,
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
