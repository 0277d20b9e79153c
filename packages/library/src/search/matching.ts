import { type SQL, sql } from 'drizzle-orm';
import { rowsOf } from '../database/rows.ts';
import { type Db, searchTexts } from '../database/schema.ts';
import { spacedQuery } from '../text/blankless.ts';
import { phrasesOf } from './phrases.ts';

export interface SearchedPlace {
  /** Whose items; with `folderId`: all items in that folder. */
  account: string;
  folderId?: string;
}

/**
 * Which of `search_texts` match. Each text is searched in its own language: for each configuration that is in use here, the
 * query asks for the words that name it and the account, beside what was asked for in that language. So one look into the
 * index of words answers. What it asks for is known when the query is planned.
 */
export async function matching(db: Db, { account, folderId }: SearchedPlace, query: string): Promise<SQL> {
  const inUse = folderId === undefined ? await ofAccount(db, account) : await ofFolder(db, folderId);
  if (inUse.length === 0) return sql`false`;
  const spaced = spacedQuery(query);
  const asked = inUse.map((name) => {
    const marks = folderId === undefined ? [` ${name}`, ` @${account}`] : [` ${name}`];
    const words = sql`websearch_to_tsquery(${named(name)}, ${spaced})`;
    // Words that say nothing leave nothing to ask for.
    return sql`CASE WHEN numnode(${words}) > 0 THEN ${words} && ${marks.map(quoted).join(' & ')}::tsquery ELSE '' END`;
  });
  const matches = sql`${searchTexts.words} @@ (${sql.join(asked, sql` || `)})`;
  const phrases = phrasesOf(spaced);
  if (phrases.length === 0) return matches;
  const hasPairs = inUse.map((name) => {
    const pairs = phrases.map((phrase) => sql`phrase_pairs(to_tsvector(${named(name)}, ${phrase}))`);
    return sql`(${searchTexts.configuration} = ${name} AND ${searchTexts.pairs} @> (${sql.join(pairs, sql` || `)}))`;
  });
  return sql`${matches} AND (${sql.join(hasPairs, sql` OR `)})`;
}

const named = (configuration: string): SQL => sql.raw(`'${configuration}'`);

/** A word of a tsquery, whatever is in it. */
const quoted = (word: string): string => `'${word.replace(/['\\]/g, '$&$&')}'`;

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
