import { spawn } from 'node:child_process';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

export interface ToolRun {
  /** Everything that the tool writes goes in here, temporary files included. */
  work: string;
  signal: AbortSignal;
  /** Told how large the folder has grown; a tool under which nothing grows for `stallMs` is ended. */
  growth?: { stallMs: number; onBytes(bytes: number): void };
}

/** Tools report their progress in ways that differ by version; the folder they fill does not. */
const LOOK_EVERY_MS = 250;

/**
 * Runs a program, without a shell.
 * @param problemIn its last words, made into a sentence
 * @throws Error with what it said last; the signal's reason
 */
export async function runTool(
  program: string,
  args: readonly string[],
  { work, signal, growth }: ToolRun,
  problemIn: (errors: string) => string,
): Promise<void> {
  const watch = new AbortController();
  // `env` adds to the environment that it inherits: temporary files are where we can see and delete them.
  const child = spawn('env', [`TMPDIR=${work}`, program, ...args], {
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
    if (code !== 0) throw new Error(problemIn(errors) || `${program} ended with ${code}`);
  } catch (error) {
    throw watch.signal.aborted && !signal.aborted ? watch.signal.reason : error;
  } finally {
    watch.abort();
    await watching;
  }
}

async function watchGrowth(
  folder: string,
  { stallMs, onBytes }: NonNullable<ToolRun['growth']>,
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
      watch.abort(new Error(`nothing was received for ${stallMs / 1000} s`));
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
