import { existsSync } from 'node:fs';
import { mkdir, mkdtemp } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The checkout: the folder that holds pnpm-workspace.yaml. */
export const REPOSITORY = findRepository();

function findRepository(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, 'pnpm-workspace.yaml'))) {
    const parent = dirname(folder);
    if (parent === folder)
      throw new Error('The testkit runs inside the checkout only: no pnpm-workspace.yaml above it.');
    folder = parent;
  }
  return folder;
}

/** What is dear to make (speech, models, whisper-cli) is kept outside the checkout, so that a fresh clone finds it. */
export async function cacheFolder(...parts: string[]): Promise<string> {
  const base =
    process.env.SOTTO_TEST_CACHE ?? join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'sotto-test');
  const folder = join(base, ...parts);
  await mkdir(folder, { recursive: true });
  return folder;
}

/** A fresh folder; whoever asks for it removes it. */
export async function temporaryFolder(purpose: string): Promise<string> {
  return mkdtemp(join(tmpdir(), `sotto-test-${purpose}-`));
}
