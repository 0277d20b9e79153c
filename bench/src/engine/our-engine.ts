import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { REPOSITORY } from '@sotto/testkit';
import type { EngineJob, EngineOutcome } from './engine-child.ts';
import { runForJson } from './outcome.ts';

const CHILD = fileURLToPath(new URL('engine-child.ts', import.meta.url));
const TSX = pathToFileURL(join(REPOSITORY, 'node_modules/tsx/dist/loader.mjs')).href;

const DEFAULTS = {
  beamSize: 1,
  wordTimes: false,
  kernels: 'auto',
  rows: 'auto',
  threads: 2,
  windows: 0,
  times: 1,
} as const;

/** Our engine alone, in a fresh process. */
export function ourEngine(job: Pick<EngineJob, 'model' | 'wav'> & Partial<EngineJob>): Promise<EngineOutcome> {
  const args = ['--import', TSX, '--conditions=@sotto/source', CHILD, JSON.stringify({ ...DEFAULTS, ...job })];
  return runForJson<EngineOutcome>(process.execPath, args);
}
