import { join } from 'node:path';
import { type Resource, whisperCli } from '@sotto/testkit';
import { requireTinyEn } from '../resources.ts';
import { type FasterWhisper, fasterWhisper } from './faster-whisper.ts';

export interface EngineBenchOptions {
  /** Of each contender that is near the front. */
  rounds: number;
  /** Of those that are far behind and take most of the time: whisper-cli, and faster-whisper unbatched. */
  slowRounds: number;
  /** Length of the talk. */
  seconds: number;
  /** Of the mix that is decoded in batches and one by one, and where in it to begin. */
  hours: number;
  fromHours: number;
  /** What that mix is decoded with. */
  backend: 'auto' | 'portable';
  /** Of the names: what is tuned, or what is reported. */
  split: 'dev' | 'test';
  /** A folder with recordings of names beside the spoken ones. */
  speech: string | undefined;
}

/** What all tables share: the same weights for everybody, the same number of threads. */
export interface Setting extends EngineBenchOptions {
  threads: number;
  modelDir: string;
  model: string;
  cli: Resource<string>;
  fasterWhisper: Resource<FasterWhisper>;
}

const THREADS = 2;

export async function setting(options: EngineBenchOptions): Promise<Setting> {
  const modelDir = await requireTinyEn();
  return {
    ...options,
    threads: THREADS,
    modelDir,
    model: join(modelDir, 'ggml-tiny.en.bin'),
    cli: await whisperCli(),
    fasterWhisper: await fasterWhisper(),
  };
}

/** Why contenders are missing from the tables. */
export const missing = ({ cli, fasterWhisper }: Setting): string[] =>
  [cli, fasterWhisper].flatMap((resource) => ('skipped' in resource ? [resource.skipped] : []));
