import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type NamedTurn, readRttm } from '@sotto/speakers';
import { mustRun, REPOSITORY } from '@sotto/testkit';
import { conversation, utterancesOf } from './conversations.ts';

const FOLDER = join(REPOSITORY, '../shared/data/speakers');

export interface Spoken {
  name: string;
  samples: Int16Array;
  truth: (NamedTurn & { speaker: string })[];
  /** Who says which words, by time, where that is known. */
  said?: Saying[];
}

export interface Saying {
  speaker: string;
  text: string;
}

/** Recordings of one kind. */
export interface Material {
  name: string;
  what: string;
  recordings: Spoken[];
}

const KINDS = [
  {
    name: 'given conversations',
    prefix: /^(talk|known)/,
    what: 'single utterances of real readers in turn, as they were given',
  },
  { name: 'AMI, far field', prefix: /^meeting/, what: '30 s excerpts' },
  { name: 'real conversations', prefix: /^(panel|three|pair)/, what: 'short ones, with their own labels' },
];

/** Recordings with truth beside the checkout, and conversations built of the readers in them; null: they are not there. */
export async function speakerMaterial(isSmall: boolean): Promise<Material[] | null> {
  if (!existsSync(FOLDER)) return null;
  const all = await recordings();
  const given = KINDS.map(({ name, prefix, what }) => ({
    name,
    what,
    recordings: all.filter((each) => prefix.test(each.name)),
  }));
  const readers = all.filter(({ name }) => /^talk/.test(name) && !/noise/.test(name));
  const utterances = readers.flatMap(({ samples, truth }) => utterancesOf(samples, truth));
  const each = isSmall ? 1 : 12;
  const seconds = (index: number) => 90 + Math.floor((index * 100) / each);
  const long = [2, 3, 4, 6].flatMap((speakers) =>
    Array.from({ length: each }, (_, i) => conversation(utterances, speakers, 100 * speakers + i, seconds(i))),
  );
  const short = [1, 2, 3].flatMap((speakers) =>
    Array.from({ length: isSmall ? 1 : 18 }, (_, i) =>
      conversation(utterances, speakers, 1000 * speakers + i, 22 + 7 * i),
    ),
  );
  return [
    ...given,
    {
      name: 'built conversations',
      what: '2, 3, 4 and 6 speakers, 90-190 s, overlaps, some with noise',
      recordings: long,
    },
    { name: 'built pieces', what: '1-3 speakers, 22-141 s', recordings: short },
  ].filter((material) => material.recordings.length > 0);
}

async function recordings(): Promise<Spoken[]> {
  const files = await readdir(FOLDER);
  const names = files.filter((file) => file.endsWith('.rttm')).map((file) => file.slice(0, -'.rttm'.length));
  const found: Spoken[] = [];
  for (const name of names.toSorted()) {
    const audio = files.find((file) => file.startsWith(`${name}.`) && /\.(flac|ogg|wav|mp3)$/.test(file));
    if (audio === undefined) continue;
    const truth = readRttm(await readFile(join(FOLDER, `${name}.rttm`), 'utf8'));
    const samples = await decoded(join(FOLDER, audio));
    if (!files.includes(`${name}.json`)) found.push({ name, samples, truth });
    else found.push({ name, samples, truth, said: JSON.parse(await readFile(join(FOLDER, `${name}.json`), 'utf8')) });
  }
  return found;
}

async function decoded(path: string): Promise<Int16Array> {
  const bytes = await mustRun('ffmpeg', ['-v', 'error', '-i', path, '-ac', '1', '-ar', '16000', '-f', 's16le', '-']);
  return new Int16Array(Uint8Array.from(bytes).buffer);
}
