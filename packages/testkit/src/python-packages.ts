import { randomUUID } from 'node:crypto';
import { rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { runCommand } from './command.ts';
import { cacheFolder } from './folders.ts';
import type { Resource } from './resources.ts';

const INSTALL_TIMEOUT_MS = 5 * 60_000;

export interface PythonPackages {
  /** With its version, for people and for the folder it is kept in. */
  name: string;
  /** As pip takes them. */
  requirements: readonly string[];
  /** Modules that are there then. */
  modules: readonly string[];
}

/** Environment for Python that finds these packages; or why they cannot be had. Installed once per machine, beside the checkout. */
export async function pythonPackages({
  name,
  requirements,
  modules,
}: PythonPackages): Promise<Resource<Record<string, string>>> {
  const cwd = await cacheFolder('python');
  const python = (args: string[], env = {}) =>
    runCommand('python3', args, { cwd, env: { ...process.env, ...env }, timeoutMs: INSTALL_TIMEOUT_MS });
  const folder = await cacheFolder('python', name);
  const env = { PYTHONPATH: folder };
  const isThere = async () => (await python(['-c', `import ${modules.join(', ')}`], env)).code === 0;
  try {
    if (await isThere()) return { value: env };
    // Another test file may do the same now: each installs into a folder of its own, and the first one stays.
    const partial = join(cwd, `${randomUUID()}.partial`);
    const options = ['--quiet', '--disable-pip-version-check', '--no-input', '--target', partial];
    const { stderr } = await python(['-m', 'pip', 'install', ...options, ...requirements]);
    if (!(await isThere())) {
      await rm(folder, { recursive: true, force: true });
      await rename(partial, folder).catch(() => {});
    }
    await rm(partial, { recursive: true, force: true });
    if (await isThere()) return { value: env };
    return { skipped: `${name} could not be installed: ${stderr.trim().split('\n').at(-1)}` };
  } catch (error) {
    return { skipped: `${name} could not be installed: ${error instanceof Error ? error.message : String(error)}` };
  }
}
