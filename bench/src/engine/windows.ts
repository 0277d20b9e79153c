import { median } from '../statistics.ts';
import { ms, type Report } from '../table.ts';
import { runFasterWhisper } from './faster-whisper.ts';
import { type Contender, inTurn } from './in-turn.ts';
import { beginning, talk } from './material.ts';
import { ourEngine } from './our-engine.ts';
import { missing, type Setting } from './setting.ts';
import { runWhisperCli } from './whisper-cli.ts';

const SIZES = [1, 2, 4, 8, 16];
const WINDOWS = 16;
const LONE_SECONDS = 29;
/** 16 windows take this much talk and more. */
const ENOUGH_SECONDS = 600;

/** Time and memory of a window by how many are decoded together. */
export async function batchSizes({ model, rounds, threads }: Setting): Promise<Report> {
  const { path: wav, what } = await talk(ENOUGH_SECONDS);
  const rowsOf = new Map<number, { perWindow: number[]; peakBytes: number }>();
  for (const beamSize of [1, 5]) {
    for (const slots of SIZES) {
      const outcome = await ourEngine({ model, wav, beamSize, slots, threads, windows: WINDOWS, times: rounds });
      const perWindow = outcome.wallMs.map((wall) => (wall - outcome.planMs) / outcome.windows);
      rowsOf.set(100 * beamSize + slots, { perWindow, peakBytes: outcome.peakBytes });
      process.stderr.write(`  batch ${slots}, beam ${beamSize}: ${ms(median(perWindow))} a window\n`);
    }
  }
  const cell = (beamSize: number, rows: number) => rowsOf.get(100 * beamSize + rows);
  return {
    title: 'Time per window by batch',
    method: `${WINDOWS} windows of up to 29 s (${what}), ${threads} threads, median of ${rounds} in one process a size, finding speech left out. Memory is that of the whole process, model and all.`,
    columns: ['windows together', 'greedy', 'peak MB', 'beam 5', 'peak MB'],
    rows: SIZES.map((rows) => [
      String(rows),
      ...[1, 5].flatMap((beamSize) => {
        const { perWindow = [], peakBytes = 0 } = cell(beamSize, rows) ?? {};
        return [ms(median(perWindow)), String(Math.round(peakBytes / 1e6))];
      }),
    ]),
  };
}

/** One window by itself, as a short recording is: greedy, nothing to batch. */
export async function loneWindow(setting: Setting): Promise<Report> {
  const { model, rounds, threads, cli, fasterWhisper: fw } = setting;
  const { path: wav, what } = await beginning(await talk(60), LONE_SECONDS);
  const common = { model, wav, beamSize: 1, threads };
  const contenders: Contender[] = [
    {
      name: 'Sotto, engine alone',
      rounds,
      run: async () => {
        const { wallMs, text, peakBytes } = await ourEngine({ ...common, windows: 1, times: 3 });
        return { wallMs: median(wallMs), text, peakBytes };
      },
    },
  ];
  if ('value' in cli) {
    contenders.push({ name: 'whisper-cli, stock', rounds, run: () => runWhisperCli(cli.value, common) });
  }
  if ('value' in fw) {
    const job = { wavs: [wav], warmUp: wav, batched: false, computeType: 'float32', beamSize: 1, threads } as const;
    const run = async () => {
      const { wallMs, texts, peakBytes } = await runFasterWhisper(fw.value, { ...job, wordTimes: false });
      return { wallMs, text: texts.join(' '), peakBytes };
    };
    contenders.push({ name: 'faster-whisper, float32', rounds, run });
  }
  const figures = await inTurn(contenders);
  const stock = figures.get('whisper-cli, stock')?.wallMs ?? Number.NaN;
  return {
    title: 'One window alone',
    method: `${LONE_SECONDS} s (${what}), greedy, ${threads} threads, median of ${rounds}; the goal is 0.6 of whisper-cli's time. ${missing(setting).join(' ')}`,
    columns: ['what', 'time', "of whisper-cli's"],
    rows: [...figures.values()].map(({ name, wallMs, problem }) => [
      name,
      problem ?? ms(wallMs),
      Number.isNaN(stock) ? '' : (wallMs / stock).toFixed(2),
    ]),
  };
}
