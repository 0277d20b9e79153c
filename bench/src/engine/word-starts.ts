import { join } from 'node:path';
import {
  concat,
  pause,
  type Service,
  type SpokenWord,
  shareWithin,
  speakWithTimes,
  startErrors,
  temporaryFolder,
  writeWav,
} from '@sotto/testkit';
import { post } from '../requests.ts';
import { median } from '../statistics.ts';
import type { Report } from '../table.ts';
import { runFasterWhisper } from './faster-whisper.ts';
import { SENTENCES, SPEEDS, VOICES } from './sentences.ts';
import { startService } from './service.ts';
import { missing, type Setting } from './setting.ts';

const PAUSE_MS = 500;
const LIMITS_MS = [100, 200];
const BEAM_SIZE = 5;

interface Spoken {
  path: string;
  words: SpokenWord[];
}

interface Heard {
  words: SpokenWord[];
  /** Words outside of their segment, or that end after the next one begins. */
  disorder: number;
}

/** When words are said to begin, against when they do. */
export async function wordStarts(setting: Setting): Promise<Report> {
  const spoken = await speakAll();
  const rows = [['Sotto', ...figures(spoken, await throughSotto(spoken, setting))]];
  if ('value' in setting.fasterWhisper) {
    for (const batched of [false, true]) {
      const { words } = await runFasterWhisper(setting.fasterWhisper.value, {
        wavs: spoken.map(({ path }) => path),
        warmUp: spoken[0]?.path ?? '',
        batched,
        computeType: 'float32',
        beamSize: BEAM_SIZE,
        threads: setting.threads,
        wordTimes: true,
      });
      const heard = words.map((each) => ({ words: each, disorder: Number.NaN }));
      rows.push([`faster-whisper${batched ? ' batched' : ''}, word_timestamps`, ...figures(spoken, heard)]);
    }
  }
  return {
    title: 'Word starts',
    method: `${spoken.length} connected sentences, ${VOICES.length} voices, ${SPEEDS.length} speeds, beam ${BEAM_SIZE}; true starts are the synthesiser's own. Words that were heard rightly count. ${missing(setting).join(' ')}`,
    columns: [
      'what',
      ...LIMITS_MS.map((limit) => `within ${limit} ms`),
      'median error',
      'words',
      'out of order or segment',
    ],
    rows,
  };
}

async function speakAll(): Promise<Spoken[]> {
  const folder = await temporaryFolder('bench-words');
  const spoken: Spoken[] = [];
  for (const [index, text] of SENTENCES.entries()) {
    const voice = VOICES[index % VOICES.length] ?? VOICES[0];
    const speed = SPEEDS[index % SPEEDS.length] ?? SPEEDS[0];
    const { samples, words } = await speakWithTimes(text, { voice, speed });
    const path = join(folder, `${index}.wav`);
    await writeWav(path, concat(pause(PAUSE_MS), samples, pause(PAUSE_MS)));
    spoken.push({ path, words: words.map(({ word, startMs }) => ({ word, startMs: startMs + PAUSE_MS })) });
  }
  return spoken;
}

async function throughSotto(spoken: Spoken[], { modelDir, threads }: Setting): Promise<Heard[]> {
  const service = await startService(modelDir, threads);
  try {
    const heard: Heard[] = [];
    for (const { path } of spoken) heard.push(await wordsOf(service, path));
    return heard;
  } finally {
    await service.close({ leftovers: true });
  }
}

interface WireWord {
  word: string;
  start: number;
  end: number;
}

async function wordsOf(service: Service, path: string): Promise<Heard> {
  const { segments } = (await post(`${service.url}/transcribe`, path, {
    cache: 'false',
    language: 'en',
    beam_size: String(BEAM_SIZE),
    timestamp_granularity: 'word',
    response_format: 'verbose_json',
  })) as { segments: { start: number; end: number; words: WireWord[] }[] };
  const words = segments.flatMap((segment) => segment.words);
  const outside = segments.flatMap(({ start, end, words: own }) => own.filter((w) => w.start < start || w.end > end));
  const late = words.filter(({ end }, index) => end > (words[index + 1]?.start ?? Number.POSITIVE_INFINITY));
  return {
    words: words.map(({ word, start }) => ({ word, startMs: 1_000 * start })),
    disorder: outside.length + late.length,
  };
}

function figures(spoken: Spoken[], heard: Heard[]): string[] {
  const errors = spoken.flatMap(({ words }, index) => startErrors(words, heard[index]?.words ?? []));
  const disorder = heard.reduce((sum, each) => sum + each.disorder, 0);
  return [
    ...LIMITS_MS.map((limit) => `${(100 * shareWithin(errors, limit)).toFixed(0)} %`),
    `${Math.round(median(errors))} ms`,
    String(errors.length),
    Number.isNaN(disorder) ? 'not looked at' : String(disorder),
  ];
}
