import { spawn } from 'node:child_process';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

export interface PythonRun {
  /** The program, such as `python3`. */
  python: string;
  /** Everything that Python writes goes in here, temporary files of pip included. */
  work: string;
  signal: AbortSignal;
  /** Told how large the folder has grown; a Python under which nothing grows for `stallMs` is ended. */
  growth?: { stallMs: number; onBytes(bytes: number): void };
}

/** pip reports its progress in ways that differ by version; the folder it fills does not. */
const LOOK_EVERY_MS = 250;

/** Runs Python, without a shell. @throws Error with what Python said last; the signal's reason. */
export async function runPython(args: string[], { python, work, signal, growth }: PythonRun): Promise<void> {
  const watch = new AbortController();
  // `env` adds to the environment that Python inherits: pip keeps its temporary files where we can see and delete them.
  const child = spawn('env', [`TMPDIR=${work}`, python, ...args], {
    stdio: ['ignore', 'ignore', 'pipe'],
    signal: AbortSignal.any([signal, watch.signal]),
    killSignal: 'SIGKILL',
  });
  let errors = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    errors = (errors + text).slice(-2_000);
  });
  const ended = new Promise<number | null>((resolve, reject) => child.once('error', reject).once('close', resolve));
  const watching = growth === undefined ? null : watchGrowth(work, growth, watch);
  try {
    const code = await ended;
    if (code !== 0) throw new Error(problemIn(errors) || `python ended with ${code}`);
  } catch (error) {
    throw watch.signal.aborted && !signal.aborted ? watch.signal.reason : error;
  } finally {
    watch.abort();
    await watching;
  }
}

async function watchGrowth(
  folder: string,
  { stallMs, onBytes }: NonNullable<PythonRun['growth']>,
  watch: AbortController,
): Promise<void> {
  let seen = 0;
  let grewAt = performance.now();
  while (!watch.signal.aborted) {
    const bytes = await folderBytes(folder);
    if (bytes > seen) {
      seen = bytes;
      grewAt = performance.now();
      onBytes(bytes);
    } else if (performance.now() - grewAt > stallMs) {
      watch.abort(new Error(`pip received nothing for ${stallMs / 1000} s`));
    }
    await delay(LOOK_EVERY_MS, undefined, { signal: watch.signal }).catch(() => {});
  }
}

async function folderBytes(folder: string): Promise<number> {
  let bytes = 0;
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => [])) {
    if (entry.isFile()) bytes += (await stat(join(entry.parentPath, entry.name)).catch(() => null))?.size ?? 0;
  }
  return bytes;
}

function problemIn(errors: string): string {
  const lines = errors
    .split('\n')
    .filter((line) => line.trim() !== '' && !/^\[notice\]|^WARNING:.*pip version/.test(line));
  const last = lines.at(-1)?.trim() ?? '';
  const absent = /^env: \W*([\w./-]+)\W*: No such file|(No module named pip)/.exec(last);
  if (absent) return `it takes Python 3 with pip: ${absent[1] ? `${absent[1]} is not installed` : absent[2]}`;
  // pip says the same without a network.
  const missing = /No matching distribution found for (\S+==[\w.]+)/.exec(last);
  return missing ? `pip found no ${missing[1]}: no package registry can be reached, or it does not have it` : last;
}
