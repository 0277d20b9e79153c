import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { REPOSITORY, SAMPLE_RATE, Service, wordErrorRate } from '@sotto/testkit';
import { latenciesOf, pooled, textOf } from '../live/latencies.ts';
import { speak } from '../live/speak.ts';
import type { BenchOptions } from '../options.ts';
import { type Recording, realSpeech } from '../recordings.ts';
import { post } from '../requests.ts';
import { requireBase, requireTinyEn } from '../resources.ts';
import { percentile } from '../statistics.ts';
import { percent, type Report } from '../table.ts';

const SECONDS = 60;
/** One session is heard so often. */
const ROUNDS = 2;
const SESSIONS = [1, 2, 3, 4, 8, 12, 16, 24, 32];
/** Of each of several sessions. */
const SHORT_SECONDS = 30;
/** With more audio behind, nobody would call it live. */
const MOST_LAG_MS = 2_000;
/** People do not begin to speak at the same moment. */
const BEGIN_WITHIN_MS = 5_000;
const TALK_TEXT = join(REPOSITORY, '../shared/data/ted_60.txt');
const JFK_TEXT =
  'And so, my fellow Americans, ask not what your country can do for you, ask what you can do for your country.';

/**
 * Recordings said at their own pace over client, API and worker, by one person and by more and more at once, until the text
 * is two seconds late; beside the same recording sent as a file.
 */
export async function live({ isSmall }: BenchOptions): Promise<Report> {
  const recording = await realSpeech(isSmall ? 11 : SECONDS);
  const models: [string, () => Promise<string>][] = [
    ['tiny.en', requireTinyEn],
    ['base', requireBase],
  ];
  const rows: string[][] = [];
  for (const [model, folder] of isSmall ? models.slice(0, 1) : models) {
    rows.push(...(await measureModel(model, await folder(), recording, isSmall)));
  }
  return {
    title: 'While somebody speaks',
    method: [
      `${recording.seconds} s (${recording.what}) in chunks of 100 ms, each sent when its last sample was said; several sessions begin within ${BEGIN_WITHIN_MS / 1_000} s and say ${SHORT_SECONDS} s each.`,
      `One session ${isSmall ? 'once' : `${ROUNDS} times`}, several once. Median / 95th percentile in milliseconds: the first text after an utterance's first word begins; its last final text after the end of speech`,
      'as Silero hears it (500 ms of silence are in it); each word in a final text after its end; audio that had arrived and was not in the text (`lag_ms`). WER of the final text, and of the same recording sent as a file.',
      `Sessions are added until the 95th percentile of the lag is above ${MOST_LAG_MS / 1_000} s.`,
    ].join(' '),
    columns: ['model', 'sessions', 'first text', 'end of speech', 'word', 'lag', 'WER', 'as a file'],
    rows,
  };
}

async function measureModel(model: string, modelDir: string, recording: Recording, isSmall: boolean) {
  const most = SESSIONS.at(-1) ?? 1;
  const service = await Service.start({
    model,
    modelDir,
    workerEnv: { LIVE_SESSIONS: String(most) },
    apiEnv: { LIVE_SESSIONS_PER_KEY: String(most) },
  });
  try {
    const said = await textSaid(recording);
    const file = (await post(`${service.url}/transcribe`, recording.path, { language: 'en' })) as { text: string };
    const offline = said === null ? null : wordErrorRate(said, file.text);
    const rows: string[][] = [];
    for (const sessions of isSmall ? SESSIONS.slice(0, 2) : SESSIONS) {
      process.stderr.write(`  ${model}, ${sessions} at once\n`);
      const { row, lagMs } = await measure(service.url, {
        model,
        recording,
        said,
        sessions,
        rounds: isSmall ? 1 : ROUNDS,
      });
      rows.push([model, ...row, sessions === 1 && offline !== null ? percent(offline) : '']);
      process.stderr.write(`  ${rows.at(-1)?.join(' | ')}\n`);
      if (lagMs > MOST_LAG_MS) break;
    }
    return rows;
  } finally {
    await service.close({ leftovers: true });
  }
}

interface Measurement {
  model: string;
  recording: Recording;
  said: string | null;
  sessions: number;
  rounds: number;
}

async function measure(url: string, { model, recording, said, sessions, rounds }: Measurement) {
  const samples = sessions === 1 ? recording.samples : recording.samples.subarray(0, SHORT_SECONDS * SAMPLE_RATE);
  const speakOnce = async (index: number) => {
    await delay((index * BEGIN_WITHIN_MS) / sessions);
    return speak({ url, model, samples });
  };
  const told = [];
  for (let round = 0; round < (sessions === 1 ? rounds : 1); round += 1) {
    told.push(...(await Promise.all(Array.from({ length: sessions }, (_, index) => speakOnce(index)))));
  }
  const { firstText, endToFinal, wordToFinal, lag } = pooled(told.map(latenciesOf));
  const errors = said === null || sessions > 1 ? [] : told.map((one) => wordErrorRate(said, textOf(one)));
  const wer = errors.length === 0 ? '' : percent(errors.reduce((sum, rate) => sum + rate, 0) / errors.length);
  return {
    row: [String(sessions), ...[firstText, endToFinal, wordToFinal, lag].map(spread), wer],
    lagMs: percentile(lag, 95),
  };
}

const spread = (samples: readonly number[]): string =>
  [50, 95].map((rank) => Math.round(percentile(samples, rank))).join(' / ');

/** What is said in it; null: it is not known, or it is a part of the talk. */
async function textSaid({ what, seconds }: Recording): Promise<string | null> {
  if (what.includes('jfk')) return Array.from({ length: Math.ceil(seconds / 11.5) }, () => JFK_TEXT).join(' ');
  return seconds === SECONDS ? readFile(TALK_TEXT, 'utf8') : null;
}
