import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { REPOSITORY, SAMPLE_RATE, Service, wordErrorRate } from '@sotto/testkit';
import { speak, type Told } from '../live/speak.ts';
import { WHISPER_LIVE_KIT, WhisperLiveKit } from '../live/whisper-live-kit.ts';
import { type SaidWord, type Snapshot, wordDelays } from '../live/word-delays.ts';
import type { BenchOptions } from '../options.ts';
import { realSpeech } from '../recordings.ts';
import { post } from '../requests.ts';
import { requireTinyEn } from '../resources.ts';
import { percentile } from '../statistics.ts';
import { percent, type Report } from '../table.ts';

const SECONDS = 60;
const SESSIONS = [1, 2, 4, 8];
/** Of each of several sessions. */
const SHORT_SECONDS = 30;
/** People do not begin to speak at the same moment. */
const BEGIN_WITHIN_MS = 5_000;
/** Final text that comes later is not live; no more sessions are tried. */
const MOST_DELAY_MS = 8_000;

interface Verbose {
  segments: { words?: { word: string; end: number }[] }[];
}

/** The same minute said to Sotto and to WhisperLiveKit, in turn. */
export async function livePeer({ isSmall }: BenchOptions): Promise<Report> {
  const recording = await realSpeech(isSmall ? 11 : SECONDS);
  const text = join(REPOSITORY, '../shared/data/ted_60.txt');
  const reference = isSmall ? null : await readFile(text, 'utf8').catch(() => null);
  const service = await Service.start({
    model: 'tiny.en',
    modelDir: await requireTinyEn(),
    workerEnv: { LIVE_SESSIONS: '8' },
  });
  const peer = await WhisperLiveKit.start();
  try {
    const fields = { language: 'en', response_format: 'verbose_json', timestamp_granularity: 'word', cache: 'false' };
    const file = (await post(`${service.url}/transcribe`, recording.path, fields)) as Verbose;
    const said = file.segments.flatMap(({ words = [] }) =>
      words.map(({ word, end }) => ({ word, endMs: end * 1_000 })),
    );
    const contenders = new Map<string, (samples: Int16Array) => Promise<Snapshot[]>>([
      ['Sotto', async (samples) => snapshotsOf(await speak({ url: service.url, model: 'tiny.en', samples }))],
      [`WhisperLiveKit ${WHISPER_LIVE_KIT}`, (samples) => peer.speak(samples)],
    ]);
    const rows: string[][] = [];
    for (const sessions of isSmall ? SESSIONS.slice(0, 1) : SESSIONS) {
      for (const [name, hear] of contenders) {
        const samples = sessions === 1 ? recording.samples : recording.samples.subarray(0, SHORT_SECONDS * SAMPLE_RATE);
        const told = await together(sessions, () => hear(samples));
        const { row, delayMs } = measured(told, said, sessions === 1 ? reference : null);
        rows.push([name, String(sessions), ...row]);
        process.stderr.write(`  ${rows.at(-1)?.join(' | ')}\n`);
        if (delayMs > MOST_DELAY_MS) contenders.delete(name);
      }
    }
    return {
      title: 'While somebody speaks, beside WhisperLiveKit',
      method: [
        `${recording.seconds} s (${recording.what}) in chunks of 100 ms at their own pace, tiny.en, English, in turn on the same machine; several sessions begin within ${BEGIN_WITHIN_MS / 1_000} s and say ${SHORT_SECONDS} s each.`,
        'WhisperLiveKit with LocalAgreement over faster-whisper and otherwise its defaults; its other policy, SimulStreaming, wants weights for PyTorch, which are not at hand.',
        'Median / 95th percentile in milliseconds, from the end of each word that was heard rightly, as word times of the same recording sent as a file to Sotto have it: until it is shown first, and until it is in the text that does not change any more.',
        `A contender whose median of that is above ${MOST_DELAY_MS / 1_000} s is not asked for more sessions.`,
      ].join(' '),
      columns: ['contender', 'sessions', 'word shown', 'word final', 'WER'],
      rows,
    };
  } finally {
    await peer.close();
    await service.close({ leftovers: true });
  }
}

function together<T>(count: number, one: () => Promise<T>): Promise<T[]> {
  const begin = (index: number) => delay((index * BEGIN_WITHIN_MS) / count).then(one);
  return Promise.all(Array.from({ length: count }, (_, index) => begin(index)));
}

function measured(told: readonly Snapshot[][], said: readonly SaidWord[], reference: string | null) {
  const delays = (kind: 'final' | 'shown') => told.flatMap((one) => wordDelays(said, one, kind));
  const spread = (values: readonly number[]) =>
    [50, 95].map((rank) => Math.round(percentile(values, rank))).join(' / ');
  const [final, shown] = [delays('final'), delays('shown')];
  const wer = reference === null ? '' : percent(wordErrorRate(reference, told[0]?.at(-1)?.final ?? ''));
  return { row: [spread(shown), spread(final), wer], delayMs: percentile(final, 50) };
}

function snapshotsOf(told: readonly Told[]): Snapshot[] {
  let final = '';
  return told.flatMap((event) => {
    if (event.type !== 'final' && event.type !== 'partial') return [];
    if (event.type === 'final') final = `${final} ${event.text}`;
    const shown = event.type === 'partial' ? `${final} ${event.text}` : final;
    return [{ atMs: event.atMs, final, shown }];
  });
}
