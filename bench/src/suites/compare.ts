import { REPOSITORY } from '@sotto/testkit';
import { type CheckoutApi, startApiOf } from '../api-of-checkout.ts';
import type { BenchOptions } from '../options.ts';
import { realSpeech } from '../recordings.ts';
import { type Accepted, get, load, post } from '../requests.ts';
import { median, percentile } from '../statistics.ts';
import { ms, type Report, ratio } from '../table.ts';

const CLIENTS = [1, 10, 50];
const ROUNDS = 5;
const REQUESTS = 200;
/** A status takes a fraction of a millisecond of processor time: few of them would measure single pauses. */
const STATUSES_PER_UPLOAD = 10;
/** A build may be slower than another by this much before it counts. */
const TOLERANCE = 1.1;

/** One figure of every round, of the other checkout and of this one. */
interface Rounds {
  there: number[];
  here: number[];
}

/** Acceptance and status latency of this checkout beside another one's, taking turns on the same machine. */
export async function compare({ against, isSmall }: BenchOptions): Promise<Report> {
  if (against === null) throw new Error('compare needs --against DIR, a checkout with its packages installed.');
  const requests = isSmall ? 20 : REQUESTS;
  const { path } = await realSpeech(3);
  const [there, here] = await Promise.all([startApiOf(against), startApiOf(REPOSITORY)]);
  try {
    // The first requests of a process compile it.
    for (const { url } of [there, here]) await round(url, 10, requests, path);
    const rows: string[][] = [];
    for (const clients of isSmall ? [10] : CLIENTS) {
      rows.push(...(await rowsFor({ clients, requests, path }, there, here)));
    }
    return {
      title: 'This checkout beside another one',
      method: `${requests} uploads of a 3 s WAV (96 kB) and ${requests * STATUSES_PER_UPLOAD} status requests a round, ${ROUNDS} rounds in turn, no worker; medians of the rounds. Ratio: this one's over the other's; up to ${TOLERANCE.toFixed(2)} is as before.`,
      columns: ['clients', 'what', 'other p50', 'this p50', 'ratio', 'other p99', 'this p99', 'ratio', 'as before'],
      rows,
    };
  } finally {
    await Promise.all([there.close(), here.close()]);
  }
}

async function rowsFor(
  { clients, requests, path }: { clients: number; requests: number; path: string },
  there: CheckoutApi,
  here: CheckoutApi,
): Promise<string[][]> {
  const figures = ['POST /transcribe, async', 'GET /status/{id}'].map((what) => ({
    what,
    p50: { there: [], here: [] } as Rounds,
    p99: { there: [], here: [] } as Rounds,
  }));
  for (let count = 0; count < ROUNDS; count += 1) {
    process.stderr.write(`  ${clients} clients, round ${count + 1} of ${ROUNDS}\n`);
    // Each goes first in every other round: what the first leaves to be written, the second meets.
    const turn = [{ name: 'there', api: there } as const, { name: 'here', api: here } as const];
    for (const { name, api } of count % 2 === 0 ? turn : turn.reverse()) {
      const samples = await round(api.url, clients, requests, path);
      for (const [index, { p50, p99 }] of figures.entries()) {
        p50[name].push(percentile(samples[index] ?? [], 50));
        p99[name].push(percentile(samples[index] ?? [], 99));
      }
    }
  }
  return figures.map(({ what, p50, p99 }) => {
    const isAsBefore = slowdown(p50) <= TOLERANCE;
    return [String(clients), what, ...cells(p50), ...cells(p99), isAsBefore ? 'yes' : 'no'];
  });
}

/** Wall times in milliseconds: of each acceptance, then of each status. */
async function round(url: string, clients: number, requests: number, path: string): Promise<[number[], number[]]> {
  const ids: string[] = [];
  const accepted = await load(clients, requests, async () => {
    ids.push(((await post(`${url}/transcribe`, path, { async: 'true', cache: 'false' })) as Accepted).job_id);
  });
  const asked = requests * STATUSES_PER_UPLOAD;
  return [accepted, await load(clients, asked, (index) => get(`${url}/status/${ids[index % ids.length]}`))];
}

const slowdown = ({ there, here }: Rounds): number => median(here) / median(there);
const cells = (rounds: Rounds): string[] => [
  ms(median(rounds.there)),
  ms(median(rounds.here)),
  ratio(slowdown(rounds)),
];
