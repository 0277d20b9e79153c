import { seededRandom } from '@sotto/testkit';
import { type Material, SPEAKERS, TAGS } from './material.ts';

/** One kind of request: what it is called, and its parameters, another time others. */
export interface Question {
  what: string;
  next: () => Record<string, string>;
}

/** Ranks of words that are said in nearly every item, in some, and in few. */
const COMMON = { from: 200, to: 250 };
const USUAL = { from: 2_000, to: 4_000 };
const RARE = { from: 20_000, to: 40_000 };
const PAGES_BETWEEN = 5;

/** What people ask a library for. @param url of the API, which is asked for cursors */
export async function questionsFor(url: string, material: Material, folders: readonly string[]): Promise<Question[]> {
  const random = seededRandom(7);
  const one = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T;
  const word = ({ from, to }: { from: number; to: number }) => one(material.vocabulary.words.slice(from, to));
  const newest = await cursorsOf(url, {});
  const byTitle = await cursorsOf(url, { sort: 'title', order: 'asc' });
  const found = await cursorsOf(url, { q: 'meeting' });
  return [
    { what: 'list, newest first', next: () => ({}) },
    { what: 'list, 100 a page', next: () => ({ limit: '100' }) },
    { what: 'list, anywhere deep in it (cursor)', next: () => ({ cursor: one(newest) }) },
    {
      what: 'list by title, anywhere deep in it',
      next: () => ({ sort: 'title', order: 'asc', cursor: one(byTitle) }),
    },
    { what: 'list of a folder', next: () => ({ folder: one(folders) }) },
    { what: 'list with a tag and a language', next: () => ({ tag: one(TAGS), language: 'de' }) },
    { what: 'list with a speaker, by duration', next: () => ({ speaker: one(SPEAKERS), sort: 'duration' }) },
    { what: 'search for a word that most items have', next: () => ({ q: word(COMMON) }) },
    { what: 'the same, anywhere deep in it (cursor)', next: () => ({ q: 'meeting', cursor: one(found) }) },
    { what: 'search for a word that some have', next: () => ({ q: word(USUAL) }) },
    { what: 'search for a word that few have', next: () => ({ q: word(RARE) }) },
    { what: 'search for two words that some have', next: () => ({ q: `${word(USUAL)} ${word(COMMON)}` }) },
    { what: 'search for a phrase of common words', next: () => ({ q: `"${word(COMMON)} ${word(COMMON)}"` }) },
    { what: 'search for a phrase with a rare word', next: () => ({ q: `"${word(COMMON)} ${word(RARE)}"` }) },
    {
      what: 'search for a common word, by a tag, in a folder',
      next: () => ({ q: word(COMMON), tag: one(TAGS), folder: one(folders) }),
    },
    { what: 'search for what nobody said', next: () => ({ q: `${word(RARE)} ${word(RARE)} ${word(RARE)}` }) },
  ];
}

/** Of every fifth page. */
async function cursorsOf(url: string, parameters: Record<string, string>): Promise<string[]> {
  const cursors: string[] = [];
  let cursor: string | null = null;
  for (let page = 0; ; page += 1) {
    const query = new URLSearchParams({ ...parameters, limit: '100', ...(cursor !== null && { cursor }) });
    cursor = ((await (await fetch(`${url}/library?${query}`)).json()) as { next_cursor: string | null }).next_cursor;
    if (cursor === null) break;
    if (page % PAGES_BETWEEN === 0) cursors.push(cursor);
  }
  return cursors;
}
