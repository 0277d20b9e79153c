import { join } from 'node:path';
import { mustRun, Service } from '@sotto/testkit';
import { type Recording, realSpeech } from '../recordings.ts';
import { type Accepted, post } from '../requests.ts';
import { requireTinyEn, requireWhisperCli } from '../resources.ts';
import { interleaved, median, timed } from '../statistics.ts';
import { type Report, ratio } from '../table.ts';

const SECONDS = 600;
const ROUNDS = 3;
const THREADS = 2;
/** Windows decoded together. */
const BATCHES = [1, 8] as const;

type Contender = 'greedy cli' | 'beam 5 cli' | `${'greedy' | 'beam 5'} ${(typeof BATCHES)[number]}`;

/** Audio seconds per wall second, from upload to the finished transcript, beside whisper-cli built stock from the same sources. */
export async function speed(): Promise<Report> {
  const modelDir = await requireTinyEn();
  const recording = await realSpeech(SECONDS);
  const cli = await requireWhisperCli();
  const services = await Promise.all(BATCHES.map((rows) => startService(modelDir, rows)));
  const [alone, together] = services;
  if (alone === undefined || together === undefined) throw new Error('Both services must have started.');
  try {
    const samples = await interleaved<Contender>(ROUNDS, {
      'greedy cli': () => timed(() => runCli(cli, modelDir, recording, 1)),
      'greedy 1': () => timed(() => transcribe(alone.url, recording, 1)),
      'greedy 8': () => timed(() => transcribe(together.url, recording, 1)),
      'beam 5 cli': () => timed(() => runCli(cli, modelDir, recording, 5)),
      'beam 5 1': () => timed(() => transcribe(alone.url, recording, 5)),
      'beam 5 8': () => timed(() => transcribe(together.url, recording, 5)),
    });
    return report(samples, recording);
  } finally {
    await Promise.all(services.map((service) => service.close({ leftovers: true })));
  }
}

const startService = (modelDir: string, rows: number) =>
  Service.start({
    model: 'tiny.en',
    modelDir,
    workerEnv: { WHISPER_BATCH: String(rows), WHISPER_THREADS: String(THREADS) },
  });

async function runCli(cli: string, modelDir: string, { path }: Recording, beams: number): Promise<void> {
  const model = join(modelDir, 'ggml-tiny.en.bin');
  const args = ['-m', model, '-f', path, '-l', 'en', '-t', String(THREADS), '-bs', String(beams), '-np'];
  await mustRun(cli, [...args, ...(beams === 1 ? ['-bo', '1'] : [])]);
}

/** Upload, then the event stream until its end: what a client sees. */
async function transcribe(url: string, { path }: Recording, beams: number): Promise<void> {
  const fields = { async: 'true', cache: 'false', beam_size: String(beams) };
  const { job_id } = (await post(`${url}/transcribe`, path, fields)) as Accepted;
  const events = await fetch(`${url}/jobs/${job_id}/events`);
  const text = await events.text();
  if (!/^event: completed$/m.test(text)) throw new Error(`The job did not complete: ${text.slice(-300)}`);
}

function report(samples: Record<Contender, number[]>, { what }: Recording): Report {
  const row = (search: 'greedy' | 'beam 5', label: string, contender: Contender): string[] => {
    const wallMs = median(samples[contender]);
    const against = median(samples[`${search} cli`]);
    return [search, label, (wallMs / 1000).toFixed(1), ((SECONDS * 1000) / wallMs).toFixed(1), ratio(against / wallMs)];
  };
  return {
    title: 'Speed on ten minutes of real speech, tiny.en',
    method: `${SECONDS} s (${what}), ${ROUNDS} rounds in turn, medians of whole wall time. whisper-cli: stock build of the same sources, ${THREADS} threads, model load included. Sotto: upload to finished transcript, words included.`,
    columns: ['search', 'what', 'wall s', 'RTFx', 'against whisper-cli'],
    rows: (['greedy', 'beam 5'] as const).flatMap((search) => [
      row(search, 'whisper-cli, stock', `${search} cli`),
      row(search, 'Sotto, windows one by one', `${search} 1`),
      row(search, 'Sotto, 8 windows together', `${search} 8`),
    ]),
  };
}
