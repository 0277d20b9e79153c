import { Material } from '../library/material.ts';
import { type LibraryPlace, pglitePlace, postgresPlace } from '../library/places.ts';
import { type Question, questionsFor } from '../library/questions.ts';
import type { BenchOptions } from '../options.ts';
import { get } from '../requests.ts';
import { percentile, timed } from '../statistics.ts';
import { ms, type Report } from '../table.ts';

const ITEMS = 20_000;
const ROUNDS = 100;
const WARM_UP_ROUNDS = 5;

interface Contender {
  place: LibraryPlace;
  url: string;
  questions: Question[];
  /** By question. */
  samples: number[][];
}

/** How long GET /library takes where much is kept, in both databases. */
export async function library({ isSmall }: BenchOptions): Promise<Report> {
  const [items, rounds] = isSmall ? [200, 3] : [ITEMS, ROUNDS];
  const places: LibraryPlace[] = [];
  try {
    for (const open of [postgresPlace, pglitePlace]) places.push(await open());
    const contenders: Contender[] = [];
    for (const place of places) contenders.push(await filled(place, new Material(items, 1)));
    process.stderr.write('  asking\n');
    for (let round = -WARM_UP_ROUNDS; round < rounds; round += 1) await askAll(contenders, round >= 0);
    return {
      title: `A library of ${items} items`,
      method: [
        `Ten minutes of made-up speech each, of words as frequent as those of English; one account. ${rounds} requests of each kind`,
        'to an API with PostgreSQL and to one with PGlite in turn, one at a time, each with other words, folders or cursors; 20',
        `items a page, with hits and their times. ${contenders.map(({ place }) => place.figures()).join(' ')}`,
      ].join(' '),
      columns: ['GET /library', ...places.flatMap(({ name }) => [`${name} p50`, 'p95'])],
      rows: (contenders[0]?.questions ?? []).map(({ what }, index) => [
        what,
        ...contenders.flatMap(({ samples }) => [50, 95].map((rank) => ms(percentile(samples[index] ?? [], rank)))),
      ]),
    };
  } finally {
    for (const place of places) await place.close();
  }
}

async function filled(place: LibraryPlace, material: Material): Promise<Contender> {
  process.stderr.write(`  ${place.name}\n`);
  const folders = await place.fill(material);
  const url = await place.serve();
  const questions = await questionsFor(url, material, folders);
  return { place, url, questions, samples: questions.map(() => []) };
}

async function askAll(contenders: readonly Contender[], counts: boolean): Promise<void> {
  const [first] = contenders;
  for (const index of first?.questions.keys() ?? []) {
    for (const { place, url, questions, samples } of contenders) {
      const query = new URLSearchParams(questions[index]?.next());
      const tookMs = await timed(() => get(`${url}/library?${query}`));
      if (counts) samples[index]?.push(tookMs);
      await place.watch();
    }
  }
}
