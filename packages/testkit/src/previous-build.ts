import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { cp, mkdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { mustRun, runCommand } from './command.ts';
import { cacheFolder, REPOSITORY } from './folders.ts';
import type { Resource } from './resources.ts';

/**
 * The build before this one, by its commit: what it left in Redis has to be finished by this one, and both have to work
 * side by side. Named here and nowhere else; a release changes it, and freezes what that build writes (CONTRIBUTING.md).
 */
export const PREVIOUS_COMMIT = '711378a18420259c0ac0cb44fc6463ddbcf811a3';

const BUILD_TIMEOUT_MS = 10 * 60_000;
/** The checkout's own steps, as `npm start` takes them. The speech engine comes from its cache where its sources are equal. */
const SET_UP = "import('./scripts/setup/index.mjs').then((setup) => setup.setUp({ forTests: false, yes: true }))";
const PACKAGE_MANAGER = '.sotto/tools';

/** A checkout of that commit, installed and built once per machine; or why it cannot be had. */
export async function previousBuild(commit = PREVIOUS_COMMIT): Promise<Resource<string>> {
  const folder = join(await cacheFolder('builds'), commit);
  if (existsSync(folder)) return { value: folder };
  const known = await runCommand('git', ['-C', REPOSITORY, 'cat-file', '-e', `${commit}^{commit}`]).catch(() => null);
  if (known?.code !== 0) {
    return { skipped: `commit ${commit.slice(0, 7)} is not in this clone (git fetch --unshallow brings it)` };
  }
  const partial = `${folder}.${randomUUID()}`;
  try {
    await checkOut(commit, partial);
    await mustRun(process.execPath, ['-e', SET_UP], { cwd: partial, timeoutMs: BUILD_TIMEOUT_MS });
    await publish(partial, folder);
  } finally {
    await rm(partial, { recursive: true, force: true });
  }
  return { value: folder };
}

/** Without git's own files: nothing that the build does can reach the repository. */
async function checkOut(commit: string, folder: string): Promise<void> {
  const archive = `${folder}.tar`;
  await mkdir(folder, { recursive: true });
  try {
    await mustRun('git', ['-C', REPOSITORY, 'archive', '--format=tar', '-o', archive, commit]);
    await mustRun('tar', ['-xf', archive, '-C', folder]);
  } finally {
    await rm(archive, { force: true });
  }
  // Often the version that it wants; else it gets its own.
  const tools = join(REPOSITORY, PACKAGE_MANAGER);
  if (existsSync(tools)) await cp(tools, join(folder, PACKAGE_MANAGER), { recursive: true, verbatimSymlinks: true });
}

/** Whole or not at all. Of two that build at the same time the first one's folder stays. */
async function publish(partial: string, folder: string): Promise<void> {
  try {
    await rename(partial, folder);
  } catch (error) {
    if (!existsSync(folder)) throw error;
  }
}
