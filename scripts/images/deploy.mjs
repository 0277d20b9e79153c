#!/usr/bin/env node
/**
 * Writes what an image holds of ours into a folder: `node scripts/images/deploy.mjs api|web|worker|all-in-one FOLDER`. The app
 * as it was built, with the packages that it needs and nothing else. An image with an engine is not made unless that
 * engine can be loaded from there.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { withPnpm } from '../setup/pnpm.mjs';
import { root } from '../setup/root.mjs';
import { endOnSetupError, runStep, SetupError } from '../setup/terminal.mjs';

/** What an image runs: the package, whether the engine must be in it, and whether a database is (PGlite; else PostgreSQL is). */
const IMAGES = {
  api: { name: '@sotto/api', hasEngine: false, hasDatabase: false },
  web: { name: '@sotto/web-server', hasEngine: false, hasDatabase: false },
  worker: { name: '@sotto/worker', hasEngine: true, hasDatabase: false },
  'all-in-one': { name: 'sotto', hasEngine: true, hasDatabase: true },
};

const CHECK = fileURLToPath(new URL('check-engine.mjs', import.meta.url));

async function deploy(image, folder) {
  const { name, hasEngine, hasDatabase } = IMAGES[image];
  const args = ['--filter', name, 'deploy', '--prod', '--legacy', '--prefer-offline', folder];
  await runStep(`Deploying ${name}`, 'pnpm', args, { env: await withPnpm() });
  const store = join(folder, 'node_modules/.pnpm');
  for (const unused of unusedBelow(store)) rmSync(unused, { recursive: true });
  for (const unused of unusedOfDatabases(store, hasDatabase)) rmSync(unused, { recursive: true, force: true });
  for (const unused of unusedByNode(folder)) rmSync(unused, { force: true });
  if (hasEngine) checkEngine(folder);
}

/**
 * The ffmpeg binaries of npm (images have a newer ffmpeg) and the sources of whisper.cpp, of which only the recording of
 * the self-test is used.
 */
function unusedBelow(store) {
  const packages = readdirSync(store).map((name) => join(store, name));
  const sources = packages
    .map((folder) => join(folder, 'node_modules/nodejs-whisper/cpp/whisper.cpp'))
    .filter((folder) => existsSync(folder));
  return [
    ...packages.filter((folder) => folder.startsWith(join(store, '@ffmpeg-installer+'))),
    ...sources.flatMap((folder) =>
      readdirSync(folder)
        .filter((name) => name !== 'samples' && name !== 'LICENSE')
        .map((name) => join(folder, name)),
    ),
  ];
}

/** Of drizzle-orm and PGlite, only ES modules and WebAssembly run: the rest is four fifths of them. */
function unusedOfDatabases(store, hasDatabase) {
  const named = (name) => readdirSync(store).filter((folder) => folder.startsWith(`${name}@`));
  const pglite = named('@electric-sql+pglite').map((folder) => join(store, folder));
  const files = [...named('drizzle-orm').map((folder) => join(store, folder)), ...(hasDatabase ? pglite : [])].flatMap(
    (folder) => readdirSync(folder, { recursive: true }).map((path) => join(folder, path)),
  );
  const isUnused = (path) => /\/(drizzle-orm|pglite)\/.*\.(cjs|map|d\.ts|d\.cts|tar\.gz)$/.test(path);
  return [...(hasDatabase ? [] : pglite), ...files.filter(isUnused)];
}

/** Types and maps of sources: node reads neither. Packages are found through links too, so a file may be named twice. */
function unusedByNode(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.(d\.[cm]?ts|map)$/.test(entry.name))
    .map(({ parentPath, name }) => join(parentPath, name));
}

function checkEngine(folder) {
  const { status } = spawnSync(process.execPath, [CHECK, folder], { stdio: 'inherit' });
  if (status !== 0) throw new SetupError(`The speech engine cannot be loaded from ${folder}.`);
}

const [image, folder] = process.argv.slice(2);
try {
  if (!Object.hasOwn(IMAGES, image ?? '') || folder === undefined)
    throw new SetupError(`Usage: node scripts/images/deploy.mjs ${Object.keys(IMAGES).join('|')} FOLDER`);
  process.chdir(root);
  await deploy(image, resolve(folder));
} catch (error) {
  endOnSetupError(error);
}
