import { readWav } from '@sotto/testkit';
import { type TranscribeWindowOptions, WhisperModel, type WindowTranscript } from '@sotto/whisper';
import { cut } from './cut.ts';
import { type Difference, firstDifference } from './difference.ts';

/**
 * Every window of a recording in a batch and by itself: `same-child.ts JSON`, a SameJob; prints a SameOutcome as JSON.
 * Windows are greedy and beam 5 in turn, all with word times.
 */
export interface SameJob {
  model: string;
  wav: string;
  backend: 'auto' | 'portable';
  slots: number;
  threads: number;
}

export interface SameOutcome {
  backend: string;
  windows: number;
  tokens: number;
  /** Windows that needed a temperature above 0. */
  warm: number;
  togetherMs: number;
  aloneMs: number;
  differences: (Difference & { window: number; beamSize: number })[];
}

const searchOf = (window: number): TranscribeWindowOptions => ({
  language: 'en',
  beamSize: window % 2 === 0 ? 1 : 5,
  wordTimes: true,
});

async function main({ model: path, wav, backend, slots, threads }: SameJob): Promise<SameOutcome> {
  const windows = cut(await readWav(wav));
  const load = (count: number) => WhisperModel.load(path, { device: 'cpu', slots: count, threads, backend });
  const [batched, lone] = [await load(slots), await load(1)];
  if (batched.info.slots !== slots) throw new Error(`There is memory for ${batched.info.slots} slots only.`);
  const startedAt = performance.now();
  const together = await Promise.all(windows.map((window, at) => batched.transcribe(window, searchOf(at))));
  const togetherMs = performance.now() - startedAt;
  const alone: WindowTranscript[] = [];
  for (const [at, window] of windows.entries()) alone.push(await lone.transcribe(window, searchOf(at)));
  const aloneMs = performance.now() - startedAt - togetherMs;
  const differences = together.flatMap((transcript, at) => {
    const other = alone[at];
    const difference = other === undefined ? null : firstDifference(transcript, other);
    return difference === null ? [] : [{ ...difference, window: at, beamSize: searchOf(at).beamSize ?? 1 }];
  });
  const { backend: used } = batched.info;
  await Promise.all([batched.close(), lone.close()]);
  const tokens = together.reduce((sum, { segments }) => sum + segments.flatMap((each) => each.tokens).length, 0);
  const warm = together.filter(({ temperature }) => temperature > 0).length;
  return { backend: used, windows: windows.length, tokens, warm, togetherMs, aloneMs, differences };
}

process.stdout.write(`${JSON.stringify(await main(JSON.parse(process.argv[2] ?? '') as SameJob))}\n`);
