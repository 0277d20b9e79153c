import { Runs } from '@sotto/queue';
import { freePort, longTranscript, previousBuild, REPOSITORY } from '@sotto/testkit';
import { type CheckoutApi, startApiOf } from '../api-of-checkout.ts';
import { newInput } from '../new-input.ts';
import type { BenchOptions } from '../options.ts';
import { get } from '../requests.ts';
import { median, timed } from '../statistics.ts';
import { ms, type Report } from '../table.ts';

const HOURS = 10;
const ROUNDS = 15;
const PREFIX = 'bench';
const PROBE = new URL('../block-probe.mjs', import.meta.url);

/** What is asked for, as a path of the API. */
const QUESTIONS = (jobId: string): [what: string, path: string][] => [
  ['status', `/status/${jobId}`],
  ...['json', 'verbose_json', 'text', 'srt', 'docx'].map((format): [string, string] => [
    format,
    `/jobs/${jobId}/result?format=${format}`,
  ]),
  ['search', `/jobs/${jobId}/search?q=water`],
];

/** See block-probe.mjs. */
interface Reading {
  blockedMs: number;
  workedMs: number;
  peakMb: number;
}

interface Contender {
  api: CheckoutApi;
  jobId: string;
  /** Of the result in Redis. */
  storedMb: number;
  probe(): Promise<Reading>;
}

/** How long the event loop of the API stands still while somebody reads the transcript of ten hours. */
export async function results({ against, isSmall }: BenchOptions): Promise<Report> {
  const hours = isSmall ? 1 : HOURS;
  const other = against ?? (await previousCheckout());
  const contenders: Contender[] = [];
  try {
    for (const checkout of [other, REPOSITORY]) contenders.push(await contenderOf(checkout, hours));
    const [there, here] = contenders as [Contender, Contender];
    const rounds = isSmall ? 3 : ROUNDS;
    const rows = await measure(there, here, rounds);
    const [before, now] = [await there.probe(), await here.probe()];
    return {
      title: `Reading the transcript of ${hours} hours`,
      method: [
        `A made-up transcript, ${rounds} requests of each kind to each build in turn. Blocked: the longest time between two turns of`,
        'the event loop of the API during a request; worked: the most processor time that it took between two turns (the rest of',
        'a block, it waited for a processor that other programs had). Took: until the client had all of it.',
        `The result takes ${there.storedMb.toFixed(1)} MB of Redis with the other build and ${here.storedMb.toFixed(1)} MB with this one;`,
        `the API has had ${before.peakMb} MB of memory at most, and ${now.peakMb} MB.`,
      ].join(' '),
      columns: [
        'what',
        ...['other', 'this'].flatMap((name) => [`${name} blocked p50`, 'max', 'worked max', 'took p50']),
      ],
      rows,
    };
  } finally {
    await Promise.all(contenders.map(({ api }) => api.close()));
  }
}

async function previousCheckout(): Promise<string> {
  const build = await previousBuild();
  if ('skipped' in build) throw new Error(`There is no build to compare with: ${build.skipped}.`);
  return build.value;
}

async function contenderOf(checkout: string, hours: number): Promise<Contender> {
  const port = await freePort();
  const api = await startApiOf(checkout, {
    preloads: [PROBE],
    env: { PROBE_PORT: String(port), QUEUE_PREFIX: PREFIX },
  });
  const probe = async () => (await get(`http://127.0.0.1:${port}`)) as Reading;
  return { api, probe, ...(await completeJob(api, hours, checkout !== REPOSITORY)) };
}

/** A job as a worker would leave it. @param isPlain as builds before references stored it */
async function completeJob({ redis }: CheckoutApi, hours: number, isPlain: boolean) {
  const client = redis.client();
  const runs = new Runs(client, { prefix: PREFIX, resultTtlSeconds: 3600 });
  const { run, request } = await runs.attach(newInput());
  const transcript = longTranscript(hours);
  await runs.complete(run, transcript);
  const record = `${PREFIX}:run:${run.id}`;
  if (isPlain) {
    const stored = client.multi().hdel(record, 'result').del(`${record}:result`);
    await stored.set(`${record}:transcript`, JSON.stringify(transcript)).exec();
  }
  const used = await client.memory('USAGE', `${record}:${isPlain ? 'transcript' : 'result'}`);
  return { jobId: request.id, storedMb: (used ?? 0) / 1e6 };
}

async function measure(there: Contender, here: Contender, rounds: number): Promise<string[][]> {
  const rows: string[][] = [];
  for (const [index, [what]] of QUESTIONS('').entries()) {
    process.stderr.write(`  ${what}\n`);
    const samples = { there: new Samples(), here: new Samples() };
    for (let round = 0; round < rounds; round += 1) {
      await samples.there.add(there, QUESTIONS(there.jobId)[index]?.[1] ?? '');
      await samples.here.add(here, QUESTIONS(here.jobId)[index]?.[1] ?? '');
    }
    rows.push([what, ...samples.there.cells(), ...samples.here.cells()]);
  }
  return rows;
}

/** Of one kind of request to one build. */
class Samples {
  readonly #blocked: number[] = [];
  readonly #worked: number[] = [];
  readonly #took: number[] = [];

  async add({ api, probe }: Contender, path: string): Promise<void> {
    await probe();
    this.#took.push(await timed(() => read(`${api.url}${path}`)));
    const { blockedMs, workedMs } = await probe();
    this.#blocked.push(blockedMs);
    this.#worked.push(workedMs);
  }

  cells(): string[] {
    return [median(this.#blocked), Math.max(...this.#blocked), Math.max(...this.#worked), median(this.#took)].map(ms);
  }
}

async function read(url: string): Promise<void> {
  const response = await fetch(url);
  await response.arrayBuffer();
  if (!response.ok) throw new Error(`${url} answered ${response.status}.`);
}
