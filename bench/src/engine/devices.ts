import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { baseModelDir, wordErrorRate } from '@sotto/testkit';
import { median } from '../statistics.ts';
import type { Report } from '../table.ts';
import { type Talk, talk } from './material.ts';
import { ourEngine } from './our-engine.ts';
import type { Setting } from './setting.ts';

const DEVICES = ['cpu', 'cuda'] as const;
const SLOTS = [8, 32] as const;
/** As many as a worker takes by itself. */
const THREADS = Math.min(16, availableParallelism());

interface Run {
  model: string;
  path: string;
  device: (typeof DEVICES)[number];
  slots: number;
}

/** The processor beside an NVIDIA GPU: the same weights, windows and search, all cores for the processor. */
export async function devices(setting: Setting): Promise<Report> {
  const recording = await talk(setting.seconds);
  const rows: string[][] = [];
  for (const run of runs(await models(setting))) {
    const row = await measured(run, recording, setting);
    process.stderr.write(`  ${row.join(' | ')}\n`);
    rows.push(row);
  }
  return {
    title: 'A processor beside a GPU',
    method: `${Math.round(recording.seconds)} s (${recording.what}), greedy, median of ${setting.rounds} after one to warm up; finding speech, which takes place on the processor, is in the times. Word errors tell whether a GPU hears what a processor hears.`,
    columns: ['model', 'device', 'windows together', 'time', 'RTFx', 'word errors'],
    rows,
  };
}

/** The processor is decoded with as many windows as it gains from; a GPU gains from more. */
const runs = (paths: Map<string, string>): Run[] =>
  [...paths].flatMap(([model, path]) =>
    DEVICES.flatMap((device) =>
      SLOTS.filter((slots) => device === 'cuda' || slots === SLOTS[0]).map((slots) => ({ model, path, device, slots })),
    ),
  );

/** tiny.en, which every machine gets, and base where it is installed. */
async function models({ model }: Setting): Promise<Map<string, string>> {
  const base = await baseModelDir();
  return new Map([
    ['tiny.en', model],
    ...('value' in base ? [['base', join(base.value, 'ggml-base.bin')] as const] : []),
  ]);
}

async function measured(run: Run, recording: Talk, { rounds }: Setting): Promise<string[]> {
  const { model, path, device, slots } = run;
  const job = { model: path, wav: recording.path, device, slots, threads: THREADS, times: rounds };
  const outcome = await ourEngine(job).catch((error: Error) => error);
  if (outcome instanceof Error) return [model, device, String(slots), reasonOf(outcome), '', ''];
  const wallMs = median(outcome.wallMs);
  return [
    model,
    device,
    String(slots),
    `${(wallMs / 1_000).toFixed(2)} s`,
    (recording.seconds / (wallMs / 1_000)).toFixed(0),
    `${(100 * wordErrorRate(recording.text, outcome.text)).toFixed(1)} %`,
  ];
}

const reasonOf = ({ message }: Error): string => /there is no GPU[^\n(]*/.exec(message)?.[0].trim() ?? 'failed';
