import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runCommand } from './command.ts';
import { cacheFolder } from './folders.ts';
import type { Resource } from './resources.ts';

const INSTALL_TIMEOUT_MS = 5 * 60_000;

/**
 * A program of a package that only tests need, and that is too large for everybody's checkout; or why it cannot be had.
 * Installed once per machine.
 *
 * @param program path below `node_modules`
 */
export async function npmPackage(name: string, version: string, program: string): Promise<Resource<string>> {
  const cwd = await cacheFolder('npm');
  const folder = join(cwd, `${name}-${version}`);
  const path = join(folder, 'node_modules', program);
  if (existsSync(path)) return { value: path };
  // Another test file may do the same now: each installs into a folder of its own, and the first one stays.
  const partial = join(cwd, `${randomUUID()}.partial`);
  try {
    await mkdir(partial);
    await writeFile(join(partial, 'package.json'), '{"private": true}');
    const options = ['--silent', '--no-audit', '--no-fund', '--ignore-scripts'];
    const { code, stderr } = await runCommand('npm', ['install', ...options, `${name}@${version}`], {
      cwd: partial,
      timeoutMs: INSTALL_TIMEOUT_MS,
    });
    if (code === 0) await rename(partial, folder).catch(() => {});
    if (existsSync(path)) return { value: path };
    return { skipped: `${name} ${version} could not be installed: ${String(stderr).trim().split('\n').at(-1)}` };
  } catch (error) {
    return { skipped: `${name} could not be installed: ${error instanceof Error ? error.message : String(error)}` };
  } finally {
    await rm(partial, { recursive: true, force: true });
  }
}
