import { dirname } from 'node:path';
import { cacheFolder, Service, type WorkerProcess } from '@sotto/testkit';
import { installVoices, VOICES_CATALOG } from '@sotto/voices';
import type { BenchOptions } from '../options.ts';
import { bookOf, type SpokenBook, speakBook } from '../speech/book.ts';
import { type ServiceTime, serviceTime } from '../speech/process-figures.ts';
import { median } from '../statistics.ts';
import { ms, percent, type Report, ratio } from '../table.ts';

/** Of two engines that say the same text in the same samples, one is enough to show that; joe is only fast. */
const VOICES = [
  { voice: 'espeak', isDeterministic: true },
  { voice: 'joe', isDeterministic: false },
  { voice: 'af_heart', isDeterministic: true },
];
const ROLES = ['prepare', 'speak'];
const ROUNDS = 3;
/** Speaks on every worker, so that its model is loaded. */
const WARM_UP = Array.from({ length: 12 }, (_, i) => `This is sentence ${i + 1}.`).join('\n\n');

/** A book spoken by one worker and by two, and by two of which one is killed in the middle. */
export async function speechBook({ isSmall, pages = isSmall ? 3 : 100 }: BenchOptions): Promise<Report> {
  const dir = await cacheFolder('voices');
  for (const { name } of VOICES_CATALOG) await installVoices(name, dir);
  const service = await Service.start({ roles: [ROLES], modelDir: dirname(dir) });
  const rows: string[][] = [];
  try {
    for (const each of VOICES) rows.push(...(await measure(service, bookOf(pages), each, isSmall ? 1 : ROUNDS)));
  } finally {
    await service.close({ leftovers: true });
  }
  return {
    title: 'A book over two workers',
    method: `${pages} pages of 1800 characters, one API, one thread for each engine, on the same two cores as API, Redis and the bench. One worker and two in turn, ${isSmall ? 1 : ROUNDS} times; medians. Efficiency: against twice what one worker speaks in a second. Processor time of a piece: of engines; of everything else (workers, API, Redis). In the last row of a voice, one of two workers is killed (SIGKILL) when a fifth of the book is spoken, and replaced.`,
    columns: [
      'voice',
      'workers',
      'pieces',
      'speech',
      'took',
      'speech per second',
      'efficiency',
      'engines',
      'the rest',
      'sound',
    ],
    rows,
  };
}

interface Spoken extends SpokenBook {
  time: ServiceTime;
}

async function measure(
  service: Service,
  book: string,
  { voice, isDeterministic }: (typeof VOICES)[number],
  rounds: number,
): Promise<string[][]> {
  const byOne: Spoken[] = [];
  const byTwo: Spoken[] = [];
  let killed: SpokenBook | null = null;
  for (let round = 0; round < rounds; round += 1) {
    byOne.push(await spoken(service, book, voice));
    const second = await service.addWorker({}, ROLES);
    byTwo.push(await spoken(service, book, voice));
    if (round === rounds - 1) killed = await withDeath(service, second, book, voice);
    await Promise.all(service.workers.slice(1).map(({ process }) => process.stop()));
    service.workers.splice(1);
  }
  const [first] = byOne;
  const sound = ({ digest }: SpokenBook) => (digest === first?.digest ? 'the same' : 'another');
  const soundOf = (all: readonly SpokenBook[]) => (isDeterministic ? [...new Set(all.map(sound))].join(', ') : '');
  const perSecond = (all: readonly SpokenBook[]) => median(all.map((one) => (one.audioSeconds * 1000) / one.tookMs));
  const rowOf = (workers: string, all: readonly SpokenBook[]) => [
    voice,
    workers,
    String(all[0]?.pieces),
    `${Math.round(all[0]?.audioSeconds ?? 0)} s`,
    `${(median(all.map(({ tookMs }) => tookMs)) / 1000).toFixed(1)} s`,
    ratio(perSecond(all)),
  ];
  const timesOf = (all: readonly Spoken[]) =>
    (['engineSeconds', 'otherSeconds'] as const).map((part) =>
      ms(median(all.map(({ time, pieces }) => (1000 * time[part]) / pieces))),
    );
  return [
    [...rowOf('1', byOne), '', ...timesOf(byOne), soundOf(byOne)],
    [...rowOf('2', byTwo), percent(perSecond(byTwo) / 2 / perSecond(byOne)), ...timesOf(byTwo), soundOf(byTwo)],
    ...(killed === null ? [] : [[...rowOf('2, one killed', [killed]), '', '', '', soundOf([killed])]]),
  ];
}

async function spoken(service: Service, book: string, voice: string): Promise<Spoken> {
  await speakBook(service.url, WARM_UP, voice);
  const before = await serviceTime(service);
  const result = await speakBook(service.url, book, voice);
  const after = await serviceTime(service);
  process.stderr.write(`  ${voice}, ${service.workers.length}: ${Math.round(result.tookMs)} ms\n`);
  return {
    ...result,
    time: {
      engineSeconds: after.engineSeconds - before.engineSeconds,
      otherSeconds: after.otherSeconds - before.otherSeconds,
    },
  };
}

function withDeath(service: Service, victim: WorkerProcess, book: string, voice: string): Promise<SpokenBook> {
  return speakBook(service.url, book, voice, async () => {
    await victim.process.kill9();
    await service.addWorker({}, ROLES);
  });
}
