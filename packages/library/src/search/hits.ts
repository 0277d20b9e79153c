import { inArray, sql } from 'drizzle-orm';
import { rowsOf } from '../database/rows.ts';
import { type Db, searchTexts } from '../database/schema.ts';
import { spacedQuery, WORD } from '../text/blankless.ts';

/** A place in a transcript where words that were asked for are said. */
export interface Hit {
  startMs: number;
  /** The segment, or a part of it around the words. */
  text: string;
  /** Which characters of `text` were asked for: first, and one after the last. */
  marks: [from: number, to: number][];
}

type SearchedText = Pick<typeof searchTexts.$inferSelect, 'itemId' | 'configuration' | 'lines' | 'lineStartsMs'>;

const HITS_PER_ITEM = 3;
const CONTEXT_CHARACTERS = 160;

/**
 * Where in each of these texts the words of a query are. PostgreSQL says which words of the texts are meant: those that
 * its stemmer brings to what the query brings them to. Only words with the same first letter come into question, so it is
 * asked about a few, not about each text as ts_headline would be.
 */
export async function findHits(db: Db, query: string, items: readonly { id: string }[]): Promise<Map<string, Hit[]>> {
  const hits = new Map<string, Hit[]>();
  if (query === '' || items.length === 0) return hits;
  const ids = items.map(({ id }) => id);
  const { itemId, configuration, lines, lineStartsMs } = searchTexts;
  const texts = await db
    .select({ itemId, configuration, lines, lineStartsMs })
    .from(searchTexts)
    .where(inArray(itemId, ids));
  for (const name of new Set(texts.map((text) => text.configuration))) {
    const group = texts.filter((text) => text.configuration === name);
    const lexemes = await askedLexemes(db, name, query);
    const initials = new Set(lexemes.map(initialOf));
    const said = group.map((text) => wordsWith(initials, text.lines));
    const asked = await askedWords(db, name, lexemes, new Set(said.flat().map(({ word }) => word)));
    for (const [index, text] of group.entries()) {
      hits.set(text.itemId, hitsIn(text, said[index]?.filter(({ word }) => asked.has(word)) ?? []));
    }
  }
  return hits;
}

interface SaidWord {
  /** Of its first character. */
  at: number;
  /** In lower case. */
  word: string;
  length: number;
}

function wordsWith(initials: ReadonlySet<string>, lines: string): SaidWord[] {
  const said: SaidWord[] = [];
  if (initials.size === 0) return said;
  for (const { 0: word, index: at } of lines.matchAll(WORD)) {
    if (initials.has(initialOf(word))) said.push({ at, word: word.toLowerCase(), length: word.length });
  }
  return said;
}

async function askedLexemes(db: Db, configuration: string, query: string): Promise<string[]> {
  const named = sql.raw(`'${configuration}'::regconfig`);
  const [tree] = rowsOf<{ tree: string }>(
    await db.execute(sql`SELECT querytree(websearch_to_tsquery(${named}, ${spacedQuery(query)})) AS tree`),
  );
  return lexemesOf(tree?.tree ?? '');
}

/** Which of these words are meant by the lexemes. */
async function askedWords(
  db: Db,
  configuration: string,
  lexemes: readonly string[],
  candidates: ReadonlySet<string>,
): Promise<Set<string>> {
  if (candidates.size === 0) return new Set();
  const json = JSON.stringify([...candidates]);
  const rows = rowsOf<{ word: string }>(
    await db.execute(sql`
      SELECT word FROM jsonb_array_elements_text(${json}::jsonb) AS word
      WHERE tsvector_to_array(to_tsvector(${sql.raw(`'${configuration}'::regconfig`)}, word)) &&
            ARRAY(SELECT jsonb_array_elements_text(${JSON.stringify(lexemes)}::jsonb))`),
  );
  return new Set(rows.map(({ word }) => word));
}

/** As a tsquery is written: each in quotes, which are doubled inside. */
function lexemesOf(tree: string): string[] {
  return [...tree.matchAll(/'((?:[^']|'')*)'/g)].map(([, lexeme = '']) => lexeme.replaceAll("''", "'"));
}

/** Without marks and case: stemmers take umlauts and accents away. */
function initialOf(word: string): string {
  const code = word.charCodeAt(0);
  return code < 128 ? (ASCII[code] ?? '') : word.normalize('NFD').slice(0, 1).toLowerCase();
}

const ASCII = Array.from({ length: 128 }, (_, code) => String.fromCharCode(code).toLowerCase());

/** @param asked in order */
function hitsIn({ lines, lineStartsMs }: SearchedText, asked: readonly SaidWord[]): Hit[] {
  const found: FoundLine[] = [];
  let [index, start, end] = [0, 0, endOfLine(lines, 0)];
  for (const said of asked) {
    for (; said.at > end; index += 1) [start, end] = [end + 1, endOfLine(lines, end + 1)];
    if (found.at(-1)?.index !== index)
      found.push({ index, line: lines.slice(start, end), words: new Set(), marks: [] });
    found.at(-1)?.words.add(said.word);
    found.at(-1)?.marks.push([said.at - start, said.at - start + said.length]);
  }
  const best = found.sort((a, b) => b.words.size - a.words.size || a.index - b.index).slice(0, HITS_PER_ITEM);
  return best
    .sort((a, b) => a.index - b.index)
    .map(({ index, line, marks }) => ({ startMs: lineStartsMs[index] ?? 0, ...excerpt(line, marks) }));
}

interface FoundLine {
  index: number;
  line: string;
  words: Set<string>;
  marks: Mark[];
}

function endOfLine(lines: string, from: number): number {
  const end = lines.indexOf('\n', from);
  return end === -1 ? lines.length : end;
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
