import { dirname } from 'node:path';
import { cacheFolder, Service } from '@sotto/testkit';
import { installVoices, VOICES_CATALOG } from '@sotto/voices';
import type { BenchOptions } from '../options.ts';
import { type Listened, listen } from '../speech/listening.ts';
import { READ_SENTENCES } from '../speech/sentences.ts';
import { percentile } from '../statistics.ts';
import { ms, type Report, ratio } from '../table.ts';

const VOICES = ['af_heart', 'joe'];
const CLIENTS = [1, 4, 8];
const SENTENCES_PER_TEXT = 5;
const TEXTS_PER_CLIENT = 4;

/** Some 20 s of speech each. */
const TEXTS = Array.from({ length: READ_SENTENCES.length / SENTENCES_PER_TEXT }, (_, index) =>
  READ_SENTENCES.slice(index * SENTENCES_PER_TEXT, (index + 1) * SENTENCES_PER_TEXT).join(' '),
);

/** Texts spoken over the API while clients listen: how soon they hear something, and whether they hear it without gaps. */
export async function speechService({ isSmall }: BenchOptions): Promise<Report> {
  const dir = await cacheFolder('voices');
  for (const { name } of VOICES_CATALOG) await installVoices(name, dir);
  const service = await Service.start({ roles: [['prepare', 'speak']], modelDir: dirname(dir) });
  const rows: string[][] = [];
  try {
    for (const voice of VOICES) {
      // Its model is loaded by then.
      await listen(service.url, 'Hello.', voice);
      for (const clients of isSmall ? CLIENTS.slice(0, 2) : CLIENTS) {
        process.stderr.write(`  ${voice}, ${clients} at once\n`);
        rows.push(await measure(service.url, voice, clients, isSmall ? 1 : TEXTS_PER_CLIENT));
        process.stderr.write(`  ${rows.at(-1)?.join(' | ')}\n`);
      }
    }
  } finally {
    await service.close({ leftovers: true });
  }
  return {
    title: 'Text spoken while clients listen',
    method: `One API, one worker, one thread for each engine. Each client has ${isSmall ? 1 : TEXTS_PER_CLIENT} texts of ${SENTENCES_PER_TEXT} sentences spoken, one after the other, and plays each as it comes (\`pcm\`). First sound: from the request on. Gaps: silences of more than 20 ms because the next sound was not there yet.`,
    columns: [
      'voice',
      'clients',
      'first sound, p50',
      'p95',
      'gaps',
      'longest text with gaps, silent for',
      'speech per second',
    ],
    rows,
  };
}

async function measure(url: string, voice: string, clients: number, texts: number): Promise<string[]> {
  const beganMs = performance.now();
  const listened = (await Promise.all(Array.from({ length: clients }, (_, client) => one(client)))).flat();
  const seconds = (performance.now() - beganMs) / 1_000;
  const firstMs = listened.map((each) => each.firstMs);
  const sum = (of: (each: Listened) => number) => listened.reduce((total, each) => total + of(each), 0);
  return [
    voice,
    String(clients),
    ms(percentile(firstMs, 50)),
    ms(percentile(firstMs, 95)),
    String(sum(({ gaps }) => gaps)),
    ms(Math.max(...listened.map(({ silentMs }) => silentMs))),
    ratio(sum(({ audioSeconds }) => audioSeconds) / seconds),
  ];

  async function one(client: number): Promise<Listened[]> {
    const own: Listened[] = [];
    for (let turn = 0; turn < texts; turn += 1) {
      own.push(await listen(url, String(TEXTS[(client * texts + turn) % TEXTS.length]), voice));
    }
    return own;
  }
}
