import { readdir, readFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { percentile } from './statistics.ts';
import { ratio } from './table.ts';

/** Something that is read again and again while a suite runs. */
export interface Gauge {
  process: string;
  what: string;
  read(): Promise<number>;
}

/** What it was, and when, in milliseconds since the beginning. */
export interface Sample {
  atMs: number;
  value: number;
}

/** Reads all of them every few milliseconds until the signal; the lists are in the order of the gauges. */
export async function readGauges(gauges: readonly Gauge[], everyMs: number, signal: AbortSignal): Promise<Sample[][]> {
  const samples: Sample[][] = gauges.map(() => []);
  const startedAt = performance.now();
  while (!signal.aborted) {
    for (const [index, gauge] of gauges.entries()) {
      samples[index]?.push({ atMs: performance.now() - startedAt, value: await gauge.read() });
    }
    await delay(everyMs, undefined, { signal }).catch(() => {});
  }
  return samples;
}

/** Cells of its sixth minute (or the last one, of fewer) and of the last one, and the ratio. */
export function sixthAndLast(samples: readonly Sample[], minutes: number, rank = 50): string[] {
  const minute = (number: number) =>
    samples.filter(({ atMs }) => atMs >= (number - 1) * 60_000 && atMs < number * 60_000).map(({ value }) => value);
  const [before, after] = [minute(Math.min(6, minutes)), minute(minutes)].map((values) => percentile(values, rank));
  return [(before ?? 0).toFixed(0), (after ?? 0).toFixed(0), before ? ratio((after ?? 0) / before) : ''];
}

/** Memory and open files of a process; `port`: on which its clients connect, whose connections are not counted. */
export function processGauges(process: string, pid: number, port: number | null): Gauge[] {
  return [
    { process, what: 'MB resident', read: () => residentMegabytes(pid) },
    {
      process,
      what: 'descriptors, beside clients',
      read: async () => (await descriptors(pid)) - (port === null ? 0 : await clientsOf(port)),
    },
  ];
}

/** proc(5). */
export async function residentMegabytes(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  return Number(/^VmRSS:\s+(\d+)/m.exec(status)?.[1]) / 1_024;
}

export async function descriptors(pid: number): Promise<number> {
  return (await readdir(`/proc/${pid}/fd`)).length;
}

const ESTABLISHED = '01';
const CLOSE_WAIT = '08';

/** Open connections to a port of this machine (proc_pid_net(5)). */
async function clientsOf(port: number): Promise<number> {
  const tables = await Promise.all(
    ['tcp', 'tcp6'].map((name) => readFile(`/proc/net/${name}`, 'utf8').catch(() => '')),
  );
  const hex = port.toString(16).toUpperCase().padStart(4, '0');
  return tables
    .flatMap((table) => table.split('\n').slice(1))
    .map((line) => line.trim().split(/\s+/))
    .filter(([, local = '', , state = '']) => local.endsWith(`:${hex}`) && [ESTABLISHED, CLOSE_WAIT].includes(state))
    .length;
}
