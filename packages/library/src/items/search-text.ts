import { eq, type SQL, sql } from 'drizzle-orm';
import { type Db, searchTexts } from '../database/schema.ts';
import { spaced } from '../text/blankless.ts';
import { configurationOf } from '../text/configurations.ts';
import type { TextLine } from './item.ts';

export interface SearchText {
  itemId: string;
  account: string;
  title: string;
  language: string | null;
  revision: number;
  lines: TextLine[];
}

/** A tsvector holds 1 MB; text of this length always fits: ten hours of speech. */
const SAFE_CHARACTERS = 250_000;

/** In the transaction that changes the item. An older revision than the stored one changes nothing. */
export async function storeSearchText(tx: Db, { title, lines, language, ...rest }: SearchText): Promise<void> {
  const text = lines.map((line) => clean(line.text)).join('\n');
  const configuration = configurationOf(language);
  const row = { ...rest, configuration, lines: text, lineStartsMs: lines.map(({ startMs }) => startMs) };
  await withWords(tx, configuration, { title, text }, async (savepoint, words) => {
    await savepoint
      .insert(searchTexts)
      .values({ ...row, words })
      .onConflictDoUpdate({
        target: searchTexts.itemId,
        set: { ...row, words },
        setWhere: sql`${searchTexts.revision} <= ${rest.revision}`,
      });
  });
}

/** In the transaction that changes the title. */
export async function retitle(tx: Db, itemId: string, title: string): Promise<void> {
  const [row] = await tx.select().from(searchTexts).where(eq(searchTexts.itemId, itemId)).for('update');
  if (row === undefined) return;
  await withWords(tx, row.configuration, { title, text: row.lines }, async (savepoint, words) => {
    await savepoint.update(searchTexts).set({ words }).where(eq(searchTexts.itemId, itemId));
  });
}

/** Text that is too much for a tsvector is indexed as far as it fits for certain. */
async function withWords(
  tx: Db,
  configuration: string,
  { title, text }: { title: string; text: string },
  store: (savepoint: Db, words: SQL<string>) => Promise<void>,
): Promise<void> {
  const wordsOf = (body: string) => {
    const named = sql.raw(`'${configuration}'::regconfig`);
    const heading = sql`setweight(to_tsvector(${named}, ${spaced(clean(title))}), 'A')`;
    return sql<string>`${heading} || to_tsvector(${named}, ${spaced(body)})`;
  };
  try {
    await tx.transaction((savepoint) => store(savepoint, wordsOf(text)));
  } catch (error) {
    if (!isTooLong(error)) throw error;
    await store(tx, wordsOf(text.slice(0, SAFE_CHARACTERS)));
  }
}

/** A line is one line, and PostgreSQL keeps no U+0000. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: that is what is taken out
const clean = (text: string): string => text.replace(/[\n\r\u0000]+/g, ' ').trim();

/** program_limit_exceeded (PostgreSQL, appendix A). */
function isTooLong(error: unknown): boolean {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    if ((cause as { code?: unknown }).code === '54000') return true;
  }
  return false;
}
