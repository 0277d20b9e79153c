import { setTimeout as delay } from 'node:timers/promises';
import { Service } from '@sotto/testkit';
import { processGauges, readGauges, sixthAndLast } from '../gauges.ts';
import type { BenchOptions } from '../options.ts';
import { realSpeech } from '../recordings.ts';
import { type Accepted, get, load, post } from '../requests.ts';
import { requireTinyEn } from '../resources.ts';
import type { Report } from '../table.ts';

const CLIP_SECONDS = 10;
const LOAD_SHARE = 0.8;
const READ_EVERY_MS = 5_000;
/** Results must go as fast as they come, or memory would grow by right. */
const RESULT_TTL_SECONDS = 60;
const FORMATS = ['json', 'verbose_json', 'srt', 'docx'];

/** Whether memory and open files of API and worker stay as they are under steady load. */
export async function soak({ isSmall }: BenchOptions): Promise<Report> {
  const minutes = isSmall ? 1 : 20;
  const { path } = await realSpeech(CLIP_SECONDS);
  const service = await Service.start({
    model: 'tiny.en',
    modelDir: await requireTinyEn(),
    env: { JOB_RESULT_TTL: String(RESULT_TTL_SECONDS) },
  });
  try {
    const perSecond = (await capacity(service, path, isSmall)) * LOAD_SHARE;
    const gauges = [
      ...processGauges('API', service.apis[0]?.process.pid ?? 0, Number(new URL(service.url).port)),
      ...processGauges('worker', service.workers[0]?.process.pid ?? 0, null),
    ];
    const load = new SteadyLoad(service.url, path, perSecond);
    const stop = new AbortController();
    const loaded = load.run(minutes * 60_000).finally(() => stop.abort());
    const samples = await readGauges(gauges, READ_EVERY_MS, stop.signal);
    await loaded;
    const rows = gauges.map(({ process, what }, index) => [
      process,
      what,
      ...sixthAndLast(samples[index] ?? [], minutes),
    ]);
    return {
      title: `${minutes} minutes at 80 % load`,
      method: [
        `Clips of ${CLIP_SECONDS} s of real speech, tiny.en, one worker, ${perSecond.toFixed(2)} jobs a second (80 % of what ten clients at once get),`,
        `half of them sync, half async with events and a result in one of four formats; ${load.completed} completed, ${load.failed} failed.`,
        `Results are kept for ${RESULT_TTL_SECONDS} s. Medians of the readings, taken every ${READ_EVERY_MS / 1000} s, of the sixth minute and of the last one.`,
      ].join(' '),
      columns: ['process', 'what', 'sixth minute', 'last minute', 'ratio'],
      rows,
    };
  } finally {
    await service.close({ leftovers: true });
  }
}

/** Jobs a second when as many wait as a worker can take. */
async function capacity(service: Service, path: string, isSmall: boolean): Promise<number> {
  const total = isSmall ? 20 : 100;
  await post(`${service.url}/transcribe`, path, { cache: 'false' });
  const startedAt = performance.now();
  await load(10, total, () => post(`${service.url}/transcribe`, path, { cache: 'false' }));
  return total / ((performance.now() - startedAt) / 1000);
}

/** Begins a job at each beat, whether or not the ones before have ended. */
class SteadyLoad {
  completed = 0;
  failed = 0;
  readonly #url: string;
  readonly #path: string;
  readonly #perSecond: number;
  readonly #open = new Set<Promise<void>>();

  constructor(url: string, path: string, perSecond: number) {
    this.#url = url;
    this.#path = path;
    this.#perSecond = perSecond;
  }

  async run(forMs: number): Promise<void> {
    const startedAt = performance.now();
    for (let count = 0; performance.now() - startedAt < forMs; count += 1) {
      const job: Promise<void> = this.#job(count)
        .then(
          () => {
            this.completed += 1;
          },
          () => {
            this.failed += 1;
          },
        )
        .finally(() => this.#open.delete(job));
      this.#open.add(job);
      const nextAt = startedAt + ((count + 1) / this.#perSecond) * 1000;
      await delay(Math.max(0, nextAt - performance.now()));
    }
    await Promise.all(this.#open);
  }

  async #job(count: number): Promise<void> {
    if (count % 2 === 0) {
      await post(`${this.#url}/transcribe`, this.#path, { cache: 'false' });
      return;
    }
    const fields = { cache: 'false', async: 'true' };
    const { job_id: id } = (await post(`${this.#url}/transcribe`, this.#path, fields)) as Accepted;
    await read(`${this.#url}/jobs/${id}/events`);
    await get(`${this.#url}/status/${id}`);
    await read(`${this.#url}/jobs/${id}/result?format=${FORMATS[(count >> 1) % FORMATS.length]}`);
  }
}

async function read(url: string): Promise<void> {
  const response = await fetch(url);
  await response.arrayBuffer();
  if (!response.ok) throw new Error(`${url} answered ${response.status}.`);
}
