import { SAMPLE_RATE } from '@sotto/testkit';
import { median } from '../statistics.ts';
import { percent, type Report, ratio } from '../table.ts';
import { type Figures, loadModel, modelFiles, plainSpeech, transcribeAll, windowsOf } from './names.ts';
import { distractors } from './names-material.ts';
import type { Setting } from './setting.ts';

const NAMES = 1000;
const MOST_WINDOWS = 6;

/** What a list of 1000 names that nobody says costs the engine: the same windows without and with it, in turn. */
export async function namesTime(setting: Setting): Promise<Report> {
  const windows = windowsOf(await plainSpeech()).slice(0, MOST_WINDOWS);
  const others = distractors(NAMES);
  const seconds = windows.reduce((sum, { samples }) => sum + samples.length, 0) / SAMPLE_RATE;
  const rows: string[][] = [];
  for (const [name, path] of await modelFiles(setting)) {
    const model = await loadModel(path, setting);
    const costOf = (listed: readonly string[]) =>
      transcribeAll(windows, { model, beamSize: 1, own: false, others: listed });
    await costOf(others);
    const rounds: { without: Figures; among: Figures }[] = [];
    for (let round = 0; round < setting.rounds; round += 1) {
      // Whoever comes second has the warmer machine, so they take turns.
      const amongFirst = round % 2 === 1 ? await costOf(others) : undefined;
      const without = await costOf([]);
      const among = amongFirst ?? (await costOf(others));
      rounds.push({ without, among });
      process.stderr.write(
        `  ${name}, round ${round + 1}: ${Math.round(without.wallMs)} and ${Math.round(among.wallMs)} ms, ${Math.round(without.cpuMs)} and ${Math.round(among.cpuMs)} ms of CPU\n`,
      );
    }
    await model.close();
    const wall = rounds.map(({ without, among }) => among.wallMs / without.wallMs - 1);
    const cpu = rounds.map(({ without, among }) => among.cpuMs / without.cpuMs - 1);
    rows.push([
      name,
      ratio((1_000 * seconds) / median(rounds.map(({ without }) => without.wallMs))),
      percent(median(wall)),
      `${percent(Math.min(...wall))} to ${percent(Math.max(...wall))}`,
      percent(median(cpu)),
    ]);
  }
  return {
    title: `How much longer decoding takes with ${NAMES} names`,
    method: `${(seconds / 60).toFixed(1)} min of speech without any of them, greedy, ${setting.threads} threads, ${setting.rounds} rounds of each in turn, medians of the rounds' ratios.`,
    columns: ['model', 'times real time without', 'longer', 'rounds', 'more CPU time'],
    rows,
  };
}
