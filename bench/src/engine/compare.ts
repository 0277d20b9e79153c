import { type Service, wordErrorRate } from '@sotto/testkit';
import type { Report } from '../table.ts';
import { type FasterWhisper, runFasterWhisper } from './faster-whisper.ts';
import { type Contender, type Figures, inTurn } from './in-turn.ts';
import { beginning, type Talk, talk } from './material.ts';
import { ourEngine } from './our-engine.ts';
import type { Outcome } from './outcome.ts';
import { startService, throughService } from './service.ts';
import { missing, type Setting } from './setting.ts';
import { runWhisperCli } from './whisper-cli.ts';

const SEARCHES = [
  { search: 'greedy', beamSize: 1 },
  { search: 'beam 5', beamSize: 5 },
] as const;
type Search = (typeof SEARCHES)[number]['search'];

const ENGINE = 'Sotto, engine alone';
const WITH_WORDS = 'Sotto, engine alone, with word times';
const PORTABLE = 'Sotto, engine alone, portable kernels';
const SERVICE = 'Sotto, upload to transcript';
const batchedName = (type: string) => `faster-whisper batched, ${type}`;
const COMPUTE_TYPES = ['float32', 'int8'] as const;
const WARM_UP_SECONDS = 5;

/** What our part of the time of faster-whisper's better batched run may be. */
const GOALS: Record<Search, Record<string, number>> = {
  greedy: { [ENGINE]: 0.6, [SERVICE]: 0.8, [PORTABLE]: 1.1 },
  'beam 5': { [ENGINE]: 0.75, [SERVICE]: 0.9 },
};

/** Ten minutes of talk by everybody: time, word errors, memory. */
export async function compare(setting: Setting): Promise<Report[]> {
  const recording = await talk(setting.seconds);
  const warmUp = await beginning(recording, WARM_UP_SECONDS);
  const service = await startService(setting.modelDir, setting.threads);
  try {
    await throughService(service, warmUp.path, 1);
    const runs = { setting, recording, warmUp: warmUp.path, service };
    const figures = await inTurn(
      SEARCHES.flatMap(({ search, beamSize }) =>
        contenders(runs, beamSize).map((contender) => ({ ...contender, name: `${search}: ${contender.name}` })),
      ),
    );
    return [comparison(figures, recording, setting), goals(figures), stages(figures)];
  } finally {
    await service.close({ leftovers: true });
  }
}

interface Runs {
  setting: Setting;
  recording: Talk;
  warmUp: string;
  service: Service;
}

function contenders({ setting, recording, warmUp, service }: Runs, beamSize: number): Contender[] {
  const { rounds, slowRounds, threads, model, cli, fasterWhisper: fw } = setting;
  const wav = recording.path;
  const ours = async (options: { wordTimes?: boolean; backend?: 'portable' }): Promise<Outcome> => {
    const { wallMs, planMs, stagesMs, text, peakBytes } = await ourEngine({
      model,
      wav,
      beamSize,
      threads,
      ...options,
    });
    return {
      wallMs: wallMs[0] ?? Number.NaN,
      text,
      peakBytes,
      stagesMs: { 'speech and cutting': planMs, ...stagesMs },
    };
  };
  const list: Contender[] = [
    { name: ENGINE, rounds, run: () => ours({}) },
    { name: WITH_WORDS, rounds: slowRounds, run: () => ours({ wordTimes: true }) },
    { name: PORTABLE, rounds: slowRounds, run: () => ours({ backend: 'portable' }) },
    { name: SERVICE, rounds, run: () => throughService(service, wav, beamSize) },
  ];
  if ('value' in fw) {
    for (const type of COMPUTE_TYPES) {
      const theirs = (batched: boolean) =>
        fasterWhisperOutcome(fw.value, { wav, warmUp, batched, type, beamSize, threads });
      list.push({ name: batchedName(type), rounds, run: () => theirs(true) });
      list.push({ name: `faster-whisper, ${type}`, rounds: slowRounds, run: () => theirs(false) });
    }
  }
  if ('value' in cli) {
    const run = () => runWhisperCli(cli.value, { model, wav, beamSize, threads });
    list.push({ name: 'whisper-cli, stock', rounds: slowRounds, run });
  }
  return list;
}

interface TheirJob {
  wav: string;
  warmUp: string;
  batched: boolean;
  type: (typeof COMPUTE_TYPES)[number];
  beamSize: number;
  threads: number;
}

async function fasterWhisperOutcome(fw: FasterWhisper, { wav, type, ...job }: TheirJob): Promise<Outcome> {
  const outcome = await runFasterWhisper(fw, { ...job, wavs: [wav], computeType: type, wordTimes: false });
  return { wallMs: outcome.wallMs, text: outcome.texts.join(' '), peakBytes: outcome.peakBytes };
}

/** faster-whisper's better compute type, batched, in the same run. */
function toBeat(figures: Map<string, Figures>, search: Search): number {
  const times = COMPUTE_TYPES.map((type) => figures.get(`${search}: ${batchedName(type)}`)?.wallMs ?? Number.NaN);
  return Math.min(...times.filter((time) => !Number.isNaN(time)));
}

function comparison(figures: Map<string, Figures>, recording: Talk, setting: Setting): Report {
  const rows = [...figures.values()].map((each) => {
    const [search = '', name = ''] = each.name.split(': ');
    if (each.rounds === 0) return [search, name, each.problem ?? 'not run', '', '', '', '', ''];
    const against = each.wallMs / toBeat(figures, search as Search);
    return [
      search,
      name,
      `${seconds(each.wallMs)} (${seconds(each.fastestMs)}-${seconds(each.slowestMs)})`,
      (recording.seconds / (each.wallMs / 1_000)).toFixed(0),
      Number.isFinite(against) ? against.toFixed(2) : '',
      `${(100 * wordErrorRate(recording.text, each.text)).toFixed(1)} %`,
      megabytes(each.peakBytes),
      String(each.rounds),
    ];
  });
  const absent = missing(setting);
  return {
    title: `tiny.en on ${Math.round(recording.seconds)} s of real talk`,
    method: [
      `${recording.what}. ${setting.threads} threads each, contenders in turn, medians (and range). Models are loaded and warm, except whisper-cli's.`,
      'faster-whisper with its defaults and batches of 8, without word times; whisper-cli is built stock from the same sources.',
      ...absent,
    ].join(' '),
    columns: ['search', 'what', 'wall s', 'RTFx', "of faster-whisper's batched", 'WER', 'peak MB', 'rounds'],
    rows,
  };
}

function goals(figures: Map<string, Figures>): Report {
  const rows = SEARCHES.flatMap(({ search }) =>
    Object.entries(GOALS[search]).map(([name, goal]) => {
      const share = (figures.get(`${search}: ${name}`)?.wallMs ?? Number.NaN) / toBeat(figures, search);
      const known = Number.isFinite(share);
      return [`${search}: ${name}`, `<= ${goal}`, known ? share.toFixed(2) : '-', known ? yesOrNo(share <= goal) : '-'];
    }),
  );
  const method = "Part of the time of faster-whisper's better batched compute type in the same run.";
  return { title: 'Goals', method, columns: ['what', 'goal', 'reached', ''], rows };
}

function stages(figures: Map<string, Figures>): Report {
  const rows = [...figures.values()]
    .filter(({ stagesMs }) => Object.keys(stagesMs).length > 0)
    .map(({ name, stagesMs, wallMs }) => [
      name,
      Object.entries(stagesMs)
        .map(([stage, ms]) => `${stage} ${seconds(ms)} s (${Math.round((100 * ms) / wallMs)} %)`)
        .join(', '),
    ]);
  return { title: "Where our engine's time goes", method: 'Last round.', columns: ['what', 'stages'], rows };
}

const seconds = (ms: number): string => (ms / 1_000).toFixed(1);
const megabytes = (bytes: number): string => (bytes > 0 ? String(Math.round(bytes / 1e6)) : '-');
const yesOrNo = (yes: boolean): string => (yes ? 'yes' : 'NO');
