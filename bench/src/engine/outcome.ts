import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';

/** What one run of a contender gave. */
export interface Outcome {
  wallMs: number;
  text: string;
  peakBytes: number;
  /** Milliseconds by stage, where the contender tells. */
  stagesMs?: Record<string, number>;
}

const MAX_OUTPUT_BYTES = 64 * 1024 * 1024;
const RUN_TIMEOUT_MS = 10 * 60_000;
const LOOK_EVERY_MS = 100;

export interface Ended {
  stdout: string;
  wallMs: number;
  /** The most memory that was seen; 0 where the system does not tell. */
  peakBytes: number;
}

/** Runs a program to its end and watches its memory. Throws with what it said when it fails. */
export async function runWatched(command: string, args: string[], env: Record<string, string> = {}): Promise<Ended> {
  const startedAt = performance.now();
  let peakBytes = 0;
  const stdout = await new Promise<string>((resolve, reject) => {
    const child = execFile(
      command,
      args,
      { env: { ...process.env, ...env }, maxBuffer: MAX_OUTPUT_BYTES, timeout: RUN_TIMEOUT_MS },
      (error, out, err) => {
        clearInterval(watch);
        if (error) reject(new Error(`${command} failed: ${err.slice(-500) || error.message}`));
        else resolve(out);
      },
    );
    const watch = setInterval(() => {
      void peakMemory(child.pid).then((bytes) => {
        peakBytes = Math.max(peakBytes, bytes);
      });
    }, LOOK_EVERY_MS);
  });
  return { stdout, wallMs: performance.now() - startedAt, peakBytes };
}

/** The JSON that a program of ours prints as its last line. */
export async function runForJson<T>(command: string, args: string[]): Promise<T> {
  const { stdout } = await runWatched(command, args);
  return JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as T;
}

/** The high-water mark of a process's resident memory (Linux). */
export async function peakMemory(pid: number | undefined): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  return 1024 * Number(/^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1] ?? 0);
}
