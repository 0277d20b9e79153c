/** Docker's command line, as `pnpm test:images` uses it. Nothing here pulls or publishes but through Docker's own commands. */
import { spawn, spawnSync } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';

const ANSWER_MS = 10_000;

/** @returns {{ status: number, stdout: string, stderr: string }} */
export function tryDocker(args, options = {}) {
  const { status, stdout, stderr } = spawnSync('docker', args, { encoding: 'utf8', maxBuffer: 64e6, ...options });
  return { status: status ?? 1, stdout: (stdout ?? '').trim(), stderr: (stderr ?? '').trim() };
}

/** What it prints. @throws Error with what it said. */
export function docker(args, options) {
  const { status, stdout, stderr } = tryDocker(args, options);
  if (status !== 0) throw new Error(`docker ${args.join(' ')} ended with ${status}:\n${stderr}`);
  return stdout;
}

/** Its output goes to ours: for what takes long. */
export async function watchDocker(args, options = {}) {
  const child = spawn('docker', args, { stdio: ['ignore', 'inherit', 'inherit'], ...options });
  const status = await new Promise((resolve) => child.once('close', resolve));
  if (status !== 0) throw new Error(`docker ${args.join(' ')} ended with ${status}.`);
}

/** Why the images cannot be tested on this machine, or null. */
export function whatIsMissing() {
  if (tryDocker(['version', '--format', '{{.Server.Version}}']).status !== 0)
    return 'there is no Docker engine here that this user may use (docker version)';
  if (tryDocker(['compose', 'version']).status !== 0)
    return "Docker's Compose plugin is not installed (docker compose version)";
  return null;
}

/**
 * Asks until the answer is truthy. A question that is not answered in time is asked anew: Docker accepts connections for a
 * container that does not listen yet, and a request made then may never end.
 * @throws Error saying `what` when that takes longer than `timeoutMs`; whatever `ask` throws
 */
export async function until(what, ask, timeoutMs) {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    const answered = new AbortController();
    const tooLong = delay(ANSWER_MS, null, { signal: answered.signal }).catch(() => null);
    const answer = await Promise.race([ask(), tooLong]).finally(() => answered.abort());
    if (answer) return answer;
    if (Date.now() > deadline) throw new Error(`Waited ${timeoutMs / 1000} s for ${what}.`);
    await delay(250);
  }
}
