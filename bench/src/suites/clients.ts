import { Service } from '@sotto/testkit';
import { realSpeech } from '../recordings.ts';
import { load, post } from '../requests.ts';
import { requireTinyEn } from '../resources.ts';
import { percentile } from '../statistics.ts';
import type { Report } from '../table.ts';

const CLIENTS = [1, 2, 5];
const REQUESTS = 10;

/** How long a client waits for a minute of speech when others ask at the same time. */
export async function clients(): Promise<Report> {
  const { path, what } = await realSpeech(60);
  const service = await Service.start({ model: 'tiny.en', modelDir: await requireTinyEn() });
  const transcribe = () => post(`${service.url}/transcribe`, path, { cache: 'false' });
  try {
    await transcribe();
    const rows: string[][] = [];
    for (const count of CLIENTS) {
      process.stderr.write(`  ${count} clients\n`);
      const samples = await load(count, REQUESTS, transcribe);
      rows.push([String(count), ...[50, 95, 99].map((percent) => (percentile(samples, percent) / 1000).toFixed(2))]);
    }
    return {
      title: '60 s clips, sync, tiny.en',
      method: `${REQUESTS} requests for each number of clients, one worker with its defaults; ${what}.`,
      columns: ['clients', 'p50 s', 'p95 s', 'p99 s'],
      rows,
    };
  } finally {
    await service.close({ leftovers: true });
  }
}
