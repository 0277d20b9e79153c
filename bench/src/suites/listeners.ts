import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { get as httpGet } from 'node:http';
import type { Duplex, Readable } from 'node:stream';
import { Service } from '@sotto/testkit';
import type { BenchOptions } from '../options.ts';
import { realSpeech } from '../recordings.ts';
import { type Accepted, post } from '../requests.ts';
import type { Report } from '../table.ts';

const LISTENERS = 1_000;
const JOB_COUNTS = [1, 100];
/** Short: a WebSocket that answers no ping, as these, is closed after a while. */
const RECORDING_SECONDS = 10;
const KINDS = ['SSE', 'WebSocket'] as const;
type Kind = (typeof KINDS)[number];

interface Measurement {
  kind: Kind;
  jobs: number;
  /** Of listeners. */
  count: number;
  path: string;
}

/**
 * What it costs one API process when many watch. Nobody works at first, so all of them connect to jobs that wait; then a
 * worker comes, every message goes to everyone who watches that job, and all of them see the end.
 */
export async function listeners({ isSmall }: BenchOptions): Promise<Report> {
  const count = isSmall ? 50 : LISTENERS;
  const { path } = await realSpeech(RECORDING_SECONDS);
  const rows: string[][] = [];
  for (const jobs of isSmall ? [2] : JOB_COUNTS) {
    for (const kind of KINDS) rows.push(await measure({ kind, jobs, count, path }));
  }
  return {
    title: `${count} listeners on one API process`,
    method:
      'Resident memory of the API before they connect, when all are connected, and at most until all have seen the end.',
    columns: ['kind', 'jobs', 'before MB', 'connected MB', 'at most MB', 'costs MB', 'all connected after s'],
    rows,
  };
}

async function measure({ kind, jobs, count, path }: Measurement): Promise<string[]> {
  process.stderr.write(`  ${kind}, ${jobs} jobs\n`);
  const service = await Service.start({ workers: 0 });
  const api = service.apis[0];
  if (api === undefined) throw new Error('There is no API.');
  const memory = new Memory(api.process.pid);
  try {
    const ids: string[] = [];
    for (let i = 0; i < jobs; i += 1) {
      const accepted = (await post(`${service.url}/transcribe`, path, { async: 'true', cache: 'false' })) as Accepted;
      ids.push(accepted.job_id);
    }
    const before = await memory.now();
    const startedMs = performance.now();
    const ended: Promise<void>[] = [];
    for (let i = 0; i < count; i += 1) {
      const listener = await connect(kind, `${service.url}/jobs/${ids[i % jobs]}/events`);
      ended.push(sawEnd(listener));
    }
    const connectedSeconds = (performance.now() - startedMs) / 1000;
    const connected = await memory.now();
    memory.watch();
    await service.addWorker();
    await Promise.all(ended);
    const most = await memory.most();
    const figures = [before, connected, most, most - before].map((value) => value.toFixed(0));
    return [kind, String(jobs), ...figures, connectedSeconds.toFixed(1)];
  } finally {
    memory.endWatch();
    await service.close({ leftovers: true });
  }
}

async function connect(kind: Kind, url: string): Promise<Readable> {
  const headers = {
    Connection: 'Upgrade',
    Upgrade: 'websocket',
    'Sec-WebSocket-Version': '13',
    'Sec-WebSocket-Key': Buffer.alloc(16).toString('base64'),
  };
  const request = httpGet(url, { agent: false, ...(kind === 'WebSocket' && { headers }) });
  if (kind === 'SSE') return (await once(request, 'response'))[0] as Readable;
  return (await once(request, 'upgrade'))[1] as Duplex;
}

/** Frames of a server carry their text as it is, so both kinds can be looked at alike. */
async function sawEnd(stream: Readable): Promise<void> {
  let tail = '';
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    tail = (tail + chunk.toString('latin1')).slice(-500);
    if (tail.includes('"type":"completed"')) {
      stream.destroy();
      return;
    }
  }
  throw new Error('A listener was left without the end.');
}

class Memory {
  readonly #pid: number;
  #mostMb = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(pid: number) {
    this.#pid = pid;
  }

  /** Resident, in MB. */
  async now(): Promise<number> {
    const status = await readFile(`/proc/${this.#pid}/status`, 'utf8');
    return Number(/^VmRSS:\s+(\d+)/m.exec(status)?.[1]) / 1024;
  }

  watch(): void {
    // A process that is gone is for whoever waits for its listeners to tell.
    this.#timer = setInterval(() => void this.most().catch(() => {}), 100);
  }

  /** The most there was since watch(). */
  async most(): Promise<number> {
    const nowMb = await this.now();
    this.#mostMb = Math.max(this.#mostMb, nowMb);
    return this.#mostMb;
  }

  endWatch(): void {
    clearInterval(this.#timer);
  }
}
