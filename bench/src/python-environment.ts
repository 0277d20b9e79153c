import { existsSync } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { cacheFolder, mustRun } from '@sotto/testkit';

const INSTALL_TIMEOUT_MS = 20 * 60_000;

/**
 * The python of an environment of the benchmark's own, made once per machine outside the checkout. It appears under its name
 * only when it is whole, so it is moved: its python is called by path, its scripts are not used.
 *
 * @param installs arguments of pip, one list for each time it is run
 */
export async function pythonEnvironment(name: string, installs: readonly (readonly string[])[]): Promise<string> {
  const folder = join(await cacheFolder('bench'), name);
  const python = join(folder, 'bin/python');
  if (existsSync(folder)) return python;
  process.stderr.write(`  making a Python environment with ${name}\n`);
  const work = `${folder}.making`;
  await rm(work, { recursive: true, force: true });
  try {
    await mustRun('python3', ['-m', 'venv', work]);
    for (const what of installs) {
      const options = { timeoutMs: INSTALL_TIMEOUT_MS };
      await mustRun(join(work, 'bin/python'), ['-m', 'pip', 'install', '--quiet', ...what], options);
    }
    await rename(work, folder);
  } finally {
    await rm(work, { recursive: true, force: true });
  }
  return python;
}
