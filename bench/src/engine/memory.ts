import type { Report } from '../table.ts';
import { talk } from './material.ts';
import type { MemoryJob, MemoryOutcome } from './memory-child.ts';
import { inProcessOfItsOwn } from './our-engine.ts';
import type { Setting } from './setting.ts';

const ROWS = [1, 2, 4, 8];
const WINDOWS_PER_ROW = 4;
const BEAM_SIZE = 5;
const MARKS = [100, 250, 500, 1_000];
/** Long ones are what memory is for, short ones are what time is saved by. */
const LENGTHS_SECONDS = [30, 4, 8, 2];
const ENOUGH_SECONDS = 600;
const GOAL_MB = 60;

const measure = (job: MemoryJob): Promise<MemoryOutcome> => inProcessOfItsOwn('memory-child.ts', job);

/** What a row of the batch takes. */
export async function memoryByRows({ model, threads }: Setting): Promise<Report> {
  const { path: wav, what } = await talk(ENOUGH_SECONDS);
  const common = { model, wav, threads, beamSize: BEAM_SIZE, seconds: [30], marks: [] };
  const outcomes: MemoryOutcome[] = [];
  for (const rows of ROWS) {
    const outcome = await measure({ ...common, rows, windows: WINDOWS_PER_ROW * rows });
    outcomes.push(outcome);
    process.stderr.write(`  ${rows} rows: ${inMb(outcome.peakBytes)} at the most\n`);
  }
  return perRow(outcomes, what);
}

/** Whether a thousand windows take more than a hundred. */
export async function memoryOverTime({ model, threads }: Setting): Promise<Report> {
  const { path: wav, what } = await talk(ENOUGH_SECONDS);
  const job = {
    model,
    wav,
    threads,
    rows: 8,
    beamSize: 1,
    windows: Math.max(...MARKS),
    seconds: LENGTHS_SECONDS,
    marks: MARKS,
  };
  return overTime(await measure(job), what);
}

function perRow(outcomes: readonly MemoryOutcome[], what: string): Report {
  return {
    title: 'Memory by rows of the batch',
    method: `tiny.en, windows of up to 29 s (${what}), beam ${BEAM_SIZE} with word times, ${WINDOWS_PER_ROW} windows a row, the most resident memory seen in a process of its own while it decodes. The process: Node with the audio, before the model is loaded. The goal is at most ${GOAL_MB} MB a row.`,
    columns: [
      'rows',
      'the process',
      'most while loading',
      'with model and rows',
      'over the model',
      'a row',
      'over process and model, a row',
      'reckoned a row',
    ],
    rows: outcomes.map(({ rows, beforeBytes, loadPeakBytes, peakBytes, modelBytes, bytesPerRow }) => {
      const overModel = peakBytes - modelBytes;
      const own = overModel - beforeBytes;
      return [
        String(rows),
        ...[beforeBytes, loadPeakBytes, peakBytes, overModel, overModel / rows, own / rows, bytesPerRow].map(inMb),
      ];
    }),
  };
}

function overTime({ atMarks, peakBytes, rows }: MemoryOutcome, what: string): Report {
  return {
    title: 'Memory over a thousand windows',
    method: `tiny.en, ${rows} rows, greedy with word times, windows of ${LENGTHS_SECONDS.join(', ')} s at the most in turn (${what}); resident memory of the whole process.`,
    columns: [...MARKS.map((mark) => `after ${mark}`), 'the most'],
    rows: [[...atMarks, peakBytes].map(inMb)],
  };
}

const inMb = (bytes: number): string => `${Math.round(bytes / 1e6)} MB`;
