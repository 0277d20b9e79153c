import { readFileSync } from 'node:fs';
import { readdir, rm } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { type Child, freePort, nanoModelDir, startApp, temporaryFolder, waitFor } from '@sotto/testkit';

/** A home folder of the test's own for `sotto`: data, `.env`, a free port, sotto-nano as model. */
export interface Home {
  folder: string;
  port: number;
  url: string;
  /** What makes `sotto` use it. */
  env: Record<string, string>;
  /** Runs `sotto` there. */
  sotto(args: string[], env?: Record<string, string>, input?: Readable): Promise<Child>;
  /** `sotto up`, ready to serve. */
  up(args?: string[], env?: Record<string, string>): Promise<Child>;
  remove(): Promise<void>;
}

export async function makeHome(): Promise<Home> {
  const folder = await temporaryFolder('home');
  const port = await freePort();
  const modelDir = await nanoModelDir();
  const fixed: Record<string, string> = {
    SOTTO_HOME: folder,
    PORT: String(port),
    WHISPER_MODEL: 'sotto-nano',
    WHISPER_MODEL_DIR: modelDir,
  };
  const sotto: Home['sotto'] = (args, env = {}, input = undefined) =>
    startApp('cli', { env: { ...fixed, ...env }, folder, input }, args);
  return {
    folder,
    port,
    url: `http://127.0.0.1:${port}`,
    env: fixed,
    sotto,
    up: async (args = [], env = {}) => {
      const child = await sotto(['up', ...args], env);
      await waitFor(() => child.exit !== null || child.output.includes('Sotto is ready at'), {
        what: 'sotto up to be ready',
        timeoutMs: 90_000,
      });
      if (child.exit !== null) throw new Error(`sotto up ended.\n${child.tail()}`);
      return child;
    },
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}

export interface RunningProcess {
  pid: number;
  /** Its arguments, joined by blanks. */
  command: string;
}

/** Processes that `pid` has started, from /proc (Linux), without the compiler that tsx keeps beside itself. */
export async function childrenOf(pid: number): Promise<RunningProcess[]> {
  const pids = (await readdir('/proc')).map(Number).filter((each) => each > 0);
  return pids.flatMap((each) => {
    try {
      const stat = readFileSync(`/proc/${each}/stat`, 'latin1');
      const parent = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
      const command = readFileSync(`/proc/${each}/cmdline`, 'utf8').replaceAll('\0', ' ').trim();
      return parent === pid && !command.includes('esbuild') ? [{ pid: each, command }] : [];
    } catch {
      // It has ended since the folder was read.
      return [];
    }
  });
}
