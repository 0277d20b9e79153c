import { readWav, SAMPLE_RATE } from '@sotto/testkit';
import { type EngineOptions, type TranscribeWindowOptions, WhisperModel, type WindowTranscript } from '@sotto/whisper';
import { cut } from './cut.ts';

/**
 * Our engine in a process of its own: `engine-child.ts JSON`, an EngineJob; prints an EngineOutcome as JSON. Cut into windows
 * as the service cuts, all windows handed over at once.
 */
export interface EngineJob {
  model: string;
  wav: string;
  beamSize: number;
  wordTimes: boolean;
  backend: 'auto' | 'portable';
  device: 'cpu' | 'cuda';
  slots: number | 'auto';
  threads: number;
  /** Only so many windows, the recording's first; all when 0. */
  windows: number;
  /** How often it is done, after once to warm up. */
  times: number;
}

export interface EngineOutcome {
  /** Of each time: finding speech, cutting, transcribing. */
  wallMs: number[];
  /** Finding speech and cutting alone, of the last time. */
  planMs: number;
  /** What the engine says of its own stages, of the last time. */
  stagesMs: Record<string, number>;
  text: string;
  windows: number;
  slots: number;
  backend: string;
  peakBytes: number;
}

const WARM_UP_SAMPLES = 5 * SAMPLE_RATE;

async function main(job: EngineJob): Promise<EngineOutcome> {
  const samples = await readWav(job.wav);
  const { device, slots, threads, backend } = job;
  const model = await WhisperModel.load(job.model, { device, slots, threads, backend } satisfies EngineOptions);
  const search: TranscribeWindowOptions = { language: 'en', beamSize: job.beamSize, wordTimes: job.wordTimes };
  await model.transcribe(samples.subarray(0, WARM_UP_SAMPLES), search);
  const outcome = { wallMs: [] as number[], planMs: 0, stagesMs: {}, text: '', windows: 0 };
  for (let time = 0; time < job.times; time++) {
    const before = model.stageMs();
    const startedAt = performance.now();
    const windows = cut(samples).slice(0, job.windows || undefined);
    outcome.planMs = performance.now() - startedAt;
    const texts = await Promise.all(windows.map(async (window) => textOf(await model.transcribe(window, search))));
    outcome.wallMs.push(performance.now() - startedAt);
    outcome.stagesMs = difference(model.stageMs(), before);
    outcome.text = texts.join(' ');
    outcome.windows = windows.length;
  }
  const { info } = model;
  await model.close();
  return { ...outcome, slots: info.slots, backend: info.backend, peakBytes: 1024 * process.resourceUsage().maxRSS };
}

const textOf = ({ segments }: WindowTranscript): string =>
  Buffer.concat(segments.flatMap(({ tokens }) => tokens.map(({ bytes }) => bytes)))
    .toString('utf8')
    .trim();

type StageTimes = ReturnType<WhisperModel['stageMs']>;

const difference = (after: StageTimes, before: StageTimes): Record<string, number> =>
  Object.fromEntries(Object.entries(after).map(([stage, ms]) => [stage, ms - before[stage as keyof StageTimes]]));

process.stdout.write(`${JSON.stringify(await main(JSON.parse(process.argv[2] ?? '') as EngineJob))}\n`);
