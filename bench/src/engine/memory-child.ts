import { readWav, SAMPLE_RATE } from '@sotto/testkit';
import { WhisperModel } from '@sotto/whisper';
import { cut } from './cut.ts';

/** Resident memory while windows are decoded: `memory-child.ts JSON`, a MemoryJob; prints a MemoryOutcome as JSON. */
export interface MemoryJob {
  model: string;
  wav: string;
  slots: number;
  threads: number;
  beamSize: number;
  /** How many windows; the recording's own again and again. */
  windows: number;
  /** Of each window only so much is taken, in turn. */
  seconds: number[];
  /** Memory is told after so many windows. */
  marks: number[];
}

export interface MemoryOutcome {
  slots: number;
  modelBytes: number;
  /** What the engine reckons with (`ModelInfo`). */
  bytesPerSlot: number;
  /** Before the model was loaded, the most until it was, and the most from then on. */
  beforeBytes: number;
  loadPeakBytes: number;
  peakBytes: number;
  atMarks: number[];
}

const LOOK_EVERY_MS = 10;

async function main({ model: path, wav, slots, threads, beamSize, windows, seconds, marks }: MemoryJob) {
  const cuts = cut(await readWav(wav));
  const beforeBytes = process.memoryUsage.rss();
  const outcome = { beforeBytes, loadPeakBytes: 0, peakBytes: 0, atMarks: [] as number[] };
  const watch = setInterval(() => {
    outcome.peakBytes = Math.max(outcome.peakBytes, process.memoryUsage.rss());
  }, LOOK_EVERY_MS);
  const model = await WhisperModel.load(path, { device: 'cpu', slots, threads });
  outcome.loadPeakBytes = 1_024 * process.resourceUsage().maxRSS;
  outcome.peakBytes = 0;
  let [taken, done] = [0, 0];
  const work = async (): Promise<void> => {
    while (taken < windows) {
      const at = taken++;
      const samples = (cuts[at % cuts.length] ?? new Int16Array()).subarray(
        0,
        SAMPLE_RATE * (seconds[at % seconds.length] ?? 30),
      );
      await model.transcribe(samples, { language: 'en', beamSize, wordTimes: true });
      done += 1;
      if (marks.includes(done)) outcome.atMarks.push(process.memoryUsage.rss());
    }
  };
  await Promise.all(Array.from({ length: slots }, work));
  clearInterval(watch);
  const { weightBytes: modelBytes, bytesPerSlot } = model.info;
  await model.close();
  return { ...outcome, slots: model.info.slots, modelBytes, bytesPerSlot } satisfies MemoryOutcome;
}

process.stdout.write(`${JSON.stringify(await main(JSON.parse(process.argv[2] ?? '') as MemoryJob))}\n`);
