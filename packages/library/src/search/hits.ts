import { sql } from 'drizzle-orm';
import { rowsOf } from '../database/rows.ts';
import type { Db, searchTexts } from '../database/schema.ts';
import { spacedQuery, WORD } from '../text/blankless.ts';

/** A place in a transcript where words that were asked for are said. */
export interface Hit {
  startMs: number;
  /** The segment, or a part of it around the words. */
  text: string;
  /** Which characters of `text` were asked for: first, and one after the last. */
  marks: [from: number, to: number][];
}

type SearchedText = typeof searchTexts.$inferSelect;

const HITS_PER_ITEM = 3;
const CONTEXT_CHARACTERS = 160;

/**
 * Where in each of these texts the words of a query are. PostgreSQL says which words of the texts are meant: those that
 * its stemmer brings to what the query brings them to. Only words with the same first letter come into question, so it is
 * asked about a few, not about each text as ts_headline would be.
 */
export async function findHits(db: Db, query: string, texts: readonly SearchedText[]): Promise<Map<string, Hit[]>> {
  const hits = new Map<string, Hit[]>();
  for (const configuration of new Set(texts.map((text) => text.configuration))) {
    const group = texts.filter((text) => text.configuration === configuration);
    const asked = await askedWords(db, configuration, query, group);
    for (const text of group) hits.set(text.itemId, hitsIn(text, asked));
  }
  return hits;
}

/** In lower case. */
async function askedWords(
  db: Db,
  configuration: string,
  query: string,
  texts: readonly SearchedText[],
): Promise<Set<string>> {
  const named = sql.raw(`'${configuration}'::regconfig`);
  const [tree] = rowsOf<{ tree: string }>(
    await db.execute(sql`SELECT querytree(websearch_to_tsquery(${named}, ${spacedQuery(query)})) AS tree`),
  );
  const lexemes = lexemesOf(tree?.tree ?? '');
  if (lexemes.length === 0) return new Set();
  const initials = new Set(lexemes.map(initialOf));
  const candidates = new Set<string>();
  for (const { lines } of texts) {
    for (const [word] of lines.matchAll(WORD)) {
      if (initials.has(initialOf(word))) candidates.add(word.toLowerCase());
    }
  }
  const json = JSON.stringify([...candidates]);
  const rows = rowsOf<{ word: string }>(
    await db.execute(sql`
      SELECT word FROM jsonb_array_elements_text(${json}::jsonb) AS word
      WHERE tsvector_to_array(to_tsvector(${named}, word)) &&
            ARRAY(SELECT jsonb_array_elements_text(${JSON.stringify(lexemes)}::jsonb))`),
  );
  return new Set(rows.map(({ word }) => word));
}

/** As a tsquery is written: each in quotes, which are doubled inside. */
function lexemesOf(tree: string): string[] {
  return [...tree.matchAll(/'((?:[^']|'')*)'/g)].map(([, lexeme = '']) => lexeme.replaceAll("''", "'"));
}

/** Without marks and case: stemmers take umlauts and accents away. */
const initialOf = (word: string): string => word.normalize('NFD').slice(0, 1).toLowerCase();

function hitsIn({ lines, lineStartsMs }: SearchedText, asked: ReadonlySet<string>): Hit[] {
  if (asked.size === 0) return [];
  const found = lines.split('\n').flatMap((line, index) => {
    const words = [...line.matchAll(WORD)].filter(([word]) => asked.has(word.toLowerCase()));
    if (words.length === 0) return [];
    const distinct = new Set(words.map(([word]) => word.toLowerCase())).size;
    return [{ index, line, distinct, marks: words.map(({ 0: word, index: at }): Mark => [at, at + word.length]) }];
  });
  const best = found.sort((a, b) => b.distinct - a.distinct || a.index - b.index).slice(0, HITS_PER_ITEM);
  return best
    .sort((a, b) => a.index - b.index)
    .map(({ index, line, marks }) => ({ startMs: lineStartsMs[index] ?? 0, ...excerpt(line, marks) }));
}

type Mark = [from: number, to: number];

/** A long line is cut between words around the first mark. */
function excerpt(line: string, marks: Mark[]): { text: string; marks: Mark[] } {
  if (line.length <= CONTEXT_CHARACTERS) return { text: line, marks };
  const first = marks[0]?.[0] ?? 0;
  const from = first <= CONTEXT_CHARACTERS / 3 ? 0 : wordStart(line, first - Math.floor(CONTEXT_CHARACTERS / 3));
  const to = Math.max(marks[0]?.[1] ?? 0, wordEnd(line, from + CONTEXT_CHARACTERS));
  const inside = marks.filter(([start, end]) => start >= from && end <= to);
  return { text: line.slice(from, to), marks: inside.map(([start, end]): Mark => [start - from, end - from]) };
}

function wordStart(line: string, at: number): number {
  const blank = line.indexOf(' ', at);
  return blank === -1 || blank - at > 20 ? at : blank + 1;
}

function wordEnd(line: string, at: number): number {
  if (at >= line.length) return line.length;
  const blank = line.lastIndexOf(' ', at);
  return blank === -1 || at - blank > 20 ? at : blank;
}
