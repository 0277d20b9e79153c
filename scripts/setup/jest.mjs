import { spawn } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { root } from './root.mjs';

/** Test files drive several processes each, and wait for them most of the time: on two cores, three take all of them. */
const workers = () => Math.min(availableParallelism() + 1, Math.max(3, Math.floor(availableParallelism() / 2)));

/** Resolves to jest's exit status; its output goes straight to ours. Ctrl-C reaches it through the terminal. */
export function runJest(args, env = {}) {
  const node = ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning'];
  const jest = [
    join(root, 'node_modules/jest/bin/jest.js'),
    ...(choosesWorkers(args) ? [] : [`--maxWorkers=${workers()}`]),
    ...args,
  ];
  const child = spawn(process.execPath, [...node, ...jest], {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, ...env },
  });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve(code ?? 1));
  });
}

const choosesWorkers = (args) =>
  args.some((arg) => /^(-w|-i|--maxWorkers|--runInBand|--max-workers|--run-in-band)/.test(arg));
