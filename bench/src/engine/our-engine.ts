import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { REPOSITORY } from '@sotto/testkit';
import type { EngineJob, EngineOutcome } from './engine-child.ts';
import { runForJson } from './outcome.ts';

const TSX = pathToFileURL(join(REPOSITORY, 'node_modules/tsx/dist/loader.mjs')).href;

const DEFAULTS = {
  beamSize: 1,
  wordTimes: false,
  backend: 'auto',
  device: 'cpu',
  slots: 'auto',
  threads: 2,
  windows: 0,
  times: 1,
} as const;

/** Our engine alone, in a fresh process. */
export const ourEngine = (job: Pick<EngineJob, 'model' | 'wav'> & Partial<EngineJob>): Promise<EngineOutcome> =>
  inProcessOfItsOwn<EngineOutcome>('engine-child.ts', { ...DEFAULTS, ...job });

/** A program beside this file: it gets `job` as JSON and prints what came out as JSON. */
export function inProcessOfItsOwn<T>(child: string, job: object): Promise<T> {
  const path = fileURLToPath(new URL(child, import.meta.url));
  return runForJson<T>(process.execPath, ['--import', TSX, '--conditions=@sotto/source', path, JSON.stringify(job)]);
}
