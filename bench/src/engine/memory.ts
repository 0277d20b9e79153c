import type { Report } from '../table.ts';
import { talk } from './material.ts';
import type { MemoryJob, MemoryOutcome } from './memory-child.ts';
import { inProcessOfItsOwn } from './our-engine.ts';
import type { Setting } from './setting.ts';

const SLOTS = [1, 2, 4, 8];
const WINDOWS_PER_SLOT = 4;
const BEAM_SIZE = 5;
const MARKS = [100, 250, 500, 1_000];
/** Long ones are what memory is for, short ones are what time is saved by. */
const LENGTHS_SECONDS = [30, 4, 8, 2];
const ENOUGH_SECONDS = 600;
const GOAL_MB = 60;

const measure = (job: MemoryJob): Promise<MemoryOutcome> => inProcessOfItsOwn('memory-child.ts', job);

/** What a slot takes. */
export async function memoryBySlots({ model, threads }: Setting): Promise<Report> {
  const { path: wav, what } = await talk(ENOUGH_SECONDS);
  const common = { model, wav, threads, beamSize: BEAM_SIZE, seconds: [30], marks: [] };
  const outcomes: MemoryOutcome[] = [];
  for (const slots of SLOTS) {
    const outcome = await measure({ ...common, slots, windows: WINDOWS_PER_SLOT * slots });
    outcomes.push(outcome);
    process.stderr.write(`  ${slots} slots: ${inMb(outcome.peakBytes)} at the most\n`);
  }
  return perSlot(outcomes, what);
}

/** Whether a thousand windows take more than a hundred. */
export async function memoryOverTime({ model, threads }: Setting): Promise<Report> {
  const { path: wav, what } = await talk(ENOUGH_SECONDS);
  const job = {
    model,
    wav,
    threads,
    slots: 8,
    beamSize: 1,
    windows: Math.max(...MARKS),
    seconds: LENGTHS_SECONDS,
    marks: MARKS,
  };
  return overTime(await measure(job), what);
}

function perSlot(outcomes: readonly MemoryOutcome[], what: string): Report {
  return {
    title: 'Memory by slots',
    method: `tiny.en, windows of up to 29 s (${what}), beam ${BEAM_SIZE} with word times, ${WINDOWS_PER_SLOT} windows a slot, the most resident memory seen in a process of its own while it decodes. The process: Node with the audio, before the model is loaded. The goal is at most ${GOAL_MB} MB a slot.`,
    columns: [
      'slots',
      'the process',
      'most while loading',
      'with model and slots',
      'over the model',
      'a slot',
      'over process and model, a slot',
      'reckoned a slot',
    ],
    rows: outcomes.map(({ slots, beforeBytes, loadPeakBytes, peakBytes, modelBytes, bytesPerSlot }) => {
      const overModel = peakBytes - modelBytes;
      const own = overModel - beforeBytes;
      return [
        String(slots),
        ...[beforeBytes, loadPeakBytes, peakBytes, overModel, overModel / slots, own / slots, bytesPerSlot].map(inMb),
      ];
    }),
  };
}

function overTime({ atMarks, peakBytes, slots }: MemoryOutcome, what: string): Report {
  return {
    title: 'Memory over a thousand windows',
    method: `tiny.en, ${slots} slots, greedy with word times, windows of ${LENGTHS_SECONDS.join(', ')} s at the most in turn (${what}); resident memory of the whole process.`,
    columns: [...MARKS.map((mark) => `after ${mark}`), 'the most'],
    rows: [[...atMarks, peakBytes].map(inMb)],
  };
}

const inMb = (bytes: number): string => `${Math.round(bytes / 1e6)} MB`;
