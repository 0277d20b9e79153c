import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { Child, freePort, REPOSITORY, Service, temporaryFolder, waitFor } from '@sotto/testkit';
import { realSpeech } from '../recordings.ts';
import { type Accepted, get, load, post } from '../requests.ts';
import { median, percentile } from '../statistics.ts';
import { ms, type Report } from '../table.ts';

const CLIENTS = [1, 10, 50];
const REQUESTS = 300;
/** A status takes a fraction of a millisecond of processor time: few of them would measure single pauses. */
const STATUSES = 3000;
const ROUNDS = 5;

/** How long a client waits for 202 and for a status, beside a server that only stores the file. No worker runs. */
export async function acceptance(): Promise<Report> {
  const { path } = await realSpeech(3);
  const service = await Service.start({ workers: 0 });
  const bare = await startBareServer();
  try {
    const rows: string[][] = [];
    // The first requests of a process compile it.
    await rowsFor(10, path, service.url, bare.url, 1);
    for (const clients of CLIENTS) rows.push(...(await rowsFor(clients, path, service.url, bare.url)));
    return {
      title: 'Acceptance and status latency',
      method: `${REQUESTS} uploads of a 3 s WAV (96 kB) and ${STATUSES} status requests a round, ${ROUNDS} rounds in turn; figures are medians of the rounds. "bare" is Express, multer's disk storage and one fsync.`,
      columns: ['clients', 'what', 'Sotto p50', 'Sotto p99', 'bare p50', 'bare p99', 'p50 ratio'],
      rows,
    };
  } finally {
    await bare.process.kill9();
    await service.close({ leftovers: true });
  }
}

async function rowsFor(
  clients: number,
  path: string,
  sotto: string,
  bare: string,
  roundCount = ROUNDS,
): Promise<string[][]> {
  const rounds = {
    accept: [] as number[][],
    bareAccept: [] as number[][],
    status: [] as number[][],
    bareStatus: [] as number[][],
  };
  for (let round = 0; round < roundCount; round += 1) {
    process.stderr.write(`  ${clients} clients, round ${round + 1} of ${roundCount}\n`);
    const ids: string[] = [];
    rounds.accept.push(
      await load(clients, REQUESTS, async () => {
        const answer = (await post(`${sotto}/transcribe`, path, { async: 'true', cache: 'false' })) as Accepted;
        ids.push(answer.job_id);
      }),
    );
    rounds.bareAccept.push(await load(clients, REQUESTS, () => post(`${bare}/transcribe`, path)));
    rounds.status.push(await load(clients, STATUSES, (index) => get(`${sotto}/status/${ids[index % ids.length]}`)));
    rounds.bareStatus.push(await load(clients, STATUSES, () => get(`${bare}/status/x`)));
  }
  return [
    row(clients, 'POST /transcribe, async', rounds.accept, rounds.bareAccept),
    row(clients, 'GET /status/{id}', rounds.status, rounds.bareStatus),
  ];
}

function row(clients: number, what: string, sotto: number[][], bare: number[][]): string[] {
  const figure = (rounds: number[][], percent: number) => median(rounds.map((round) => percentile(round, percent)));
  const ratio = figure(sotto, 50) / figure(bare, 50);
  return [
    String(clients),
    what,
    ms(figure(sotto, 50)),
    ms(figure(sotto, 99)),
    ms(figure(bare, 50)),
    ms(figure(bare, 99)),
    ratio.toFixed(1),
  ];
}

async function startBareServer(): Promise<{ url: string; process: Child }> {
  const port = await freePort();
  const tsx = pathToFileURL(join(REPOSITORY, 'node_modules/tsx/dist/loader.mjs')).href;
  const script = fileURLToPath(new URL('../bare-server.ts', import.meta.url));
  const folder = await temporaryFolder('bare');
  const process = await Child.start({
    name: 'bare',
    command: globalThis.process.execPath,
    args: ['--import', tsx, script, folder, String(port)],
    cwd: folder,
    env: {},
  });
  const url = `http://127.0.0.1:${port}`;
  await waitFor(async () => (await fetch(`${url}/status/x`).catch(() => null))?.ok === true, {
    what: 'the bare server',
    timeoutMs: 30_000,
  });
  return { url, process };
}
