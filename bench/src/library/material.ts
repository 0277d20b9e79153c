import { randomUUID } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import type { ImportedItem, Library } from '@sotto/library';
import { toColumns } from '@sotto/queue/results';
import { longTranscript, seededRandom } from '@sotto/testkit';
import { Vocabulary } from './words.ts';

/** Whose items they are: of a service without keys. */
const ACCOUNT = 'local';
const MINUTES = 10;
const WORDS_PER_LINE = 11;
const LINES = Math.round((MINUTES * 150) / WORDS_PER_LINE);
/** What an item is about: words that are rare elsewhere, and said again and again in it. */
const THEME_WORDS = 25;
const THEME_SHARE = 0.06;
const LANGUAGES = ['en', 'en', 'en', 'en', 'en', 'en', 'en', 'de', 'es', 'fr'];
export const TAGS = ['work', 'weekly', 'lecture', 'interview', 'radio', 'private', 'draft', 'important'];
export const SPEAKERS = ['Ann', 'Ben', 'Carla', 'David', 'Eva', 'Farid', 'Grace', 'Hugo'];
export const FOLDERS = Array.from({ length: 20 }, (_, index) => `Folder ${index + 1}`);
const HOUR_MS = 3_600_000;
/** Canonical transcripts take room, but no search reads them: so many are made, and used in turn. */
const CANONICALS = 50;
const AT_ONCE = 4;

/** A made-up library: the same seed gives the same one. */
export class Material {
  readonly count: number;
  readonly vocabulary: Vocabulary;
  readonly #seed: number;
  readonly #canonicals: Uint8Array[];

  constructor(count: number, seed: number) {
    this.count = count;
    this.#seed = seed;
    this.vocabulary = new Vocabulary(seed);
    this.#canonicals = Array.from({ length: CANONICALS }, (_, index) =>
      gzipSync(JSON.stringify(toColumns(longTranscript(MINUTES / 60, index + 1)))),
    );
  }

  /** @returns ids of the folders. */
  async addTo(library: Library): Promise<string[]> {
    const folders: string[] = [];
    for (const name of FOLDERS) {
      const folder = await library.folders.add({ id: randomUUID(), account: ACCOUNT, name });
      if (folder !== null) folders.push(folder.id);
    }
    for (let at = 0; at < this.count; at += AT_ONCE) {
      const numbers = Array.from({ length: Math.min(AT_ONCE, this.count - at) }, (_, index) => at + index);
      await Promise.all(numbers.map((number) => library.archives.add(this.#item(number, folders))));
      if (at % 2_000 === 0) process.stderr.write(`  ${at} of ${this.count} items\n`);
    }
    await library.maintain();
    return folders;
  }

  #item(number: number, folders: readonly string[]): ImportedItem {
    const random = seededRandom(this.#seed * 1_000_003 + number);
    const one = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T;
    const theme = Array.from({ length: THEME_WORDS }, () => one(this.vocabulary.words));
    const word = () => (random() < THEME_SHARE ? one(theme) : this.vocabulary.said(random));
    const lines = Array.from({ length: LINES }, (_, line) => ({
      startMs: Math.round((line * MINUTES * 60_000) / LINES),
      text: `${Array.from({ length: WORDS_PER_LINE }, word).join(' ')}.`,
    }));
    const language = one(LANGUAGES);
    const speakerNames = random() < 0.5 ? [] : [...new Set([one(SPEAKERS), one(SPEAKERS)])];
    const createdAt = new Date(Date.UTC(2024, 0, 1) + number * HOUR_MS);
    return {
      id: idOf(random),
      account: ACCOUNT,
      title: `${one(theme)} ${one(theme)} ${number}`,
      tags: [...new Set([one(TAGS), one(TAGS)])],
      folderId: one(folders),
      status: 'completed',
      failure: null,
      fileName: `${number}.m4a`,
      audio: null,
      keepUntil: null,
      createdAt,
      endedAt: createdAt,
      kept: {
        facts: {
          language,
          durationMs: MINUTES * 60_000 + Math.round(random() * 30_000),
          speakers: speakerNames.length,
          speakerNames,
          model: 'tiny.en',
          task: 'transcribe',
        },
        canonical: { encoding: 'columns', bytes: this.#canonicals[number % CANONICALS] ?? new Uint8Array() },
        lines,
      },
      edits: [],
    };
  }
}

function idOf(random: () => number): string {
  const hex = Array.from({ length: 32 }, () => Math.floor(random() * 16).toString(16)).join('');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}
