import { existsSync, watch } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { CHECKOUT } from '../../home.ts';
import { note } from '../../terminal/output.ts';

/** Editors write a file in several steps, and several files at once. */
const QUIET_MS = 200;

/** For development: `restart` after every change below apps/api, apps/worker and packages, until the signal. */
export function watchSources(restart: () => Promise<void>, signal: AbortSignal): void {
  let timer: NodeJS.Timeout | undefined;
  let restarting: Promise<void> = Promise.resolve();
  const changed = (file: string): void => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      note(`${file} has changed: restarting the API and the worker`);
      restarting = restarting.then(restart);
    }, QUIET_MS);
  };
  signal.addEventListener('abort', () => clearTimeout(timer));
  void sourceFolders().then((folders) => {
    for (const folder of folders) {
      watch(folder, { recursive: true, signal }, (_event, file) => {
        if (file !== null && !file.endsWith('.test.ts')) changed(file);
      });
    }
    note(`Watching ${folders.length} folders for changes.`);
  });
}

async function sourceFolders(): Promise<string[]> {
  const packages = await readdir(join(CHECKOUT, 'packages'));
  const roots = [
    'apps/api',
    'apps/worker',
    ...packages.filter((name) => name !== 'testkit').map((name) => `packages/${name}`),
  ];
  return roots.map((root) => join(CHECKOUT, root, 'src')).filter((folder) => existsSync(folder));
}
