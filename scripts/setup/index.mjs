/** From a fresh checkout to something that runs. Every step is skipped when its inputs have not changed. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { checkPlatform } from './platform.mjs';
import { withPnpm } from './pnpm.mjs';
import { root } from './root.mjs';
import { once, packageFolders } from './stamp.mjs';
import { installMissingPrograms } from './system-packages.mjs';
import { runStep } from './terminal.mjs';

/** @param {{ forTests: boolean, yes: boolean }} options forTests: also what only the tests use; yes: ask nothing. */
export async function setUp(options) {
  checkPlatform();
  await installMissingPrograms(options);
  await installPackages();
  await buildPackages();
  await buildEngine();
}

const manifests = () => packageFolders().map((folder) => `${folder}/package.json`);
const platform = () => [process.platform, process.arch, process.versions.modules];

export async function installPackages() {
  const inputs = {
    files: ['package.json', 'pnpm-lock.yaml', 'pnpm-workspace.yaml', ...manifests()],
    words: platform(),
    outputs: ['node_modules/.modules.yaml', 'node_modules/turbo', 'node_modules/jest'],
  };
  await once('packages', inputs, async () => {
    const args = ['install', '--frozen-lockfile', '--reporter=append-only'];
    await runStep('Installing packages', 'pnpm', args, { env: await withPnpm(), progressOf: installProgress });
  });
}

function installProgress(line) {
  const counts = /resolved (\d+), reused (\d+), downloaded (\d+), added (\d+)/.exec(line);
  return counts && `${counts[4]} of ${counts[1]}`;
}

export async function buildPackages() {
  const folders = packageFolders().filter((folder) => scriptsOf(folder).build);
  const inputs = {
    files: ['pnpm-lock.yaml', 'tsconfig.base.json', 'turbo.json', ...folders.flatMap(buildInputs)],
    outputs: folders.map((folder) => `${folder}/dist`),
  };
  await once('build', inputs, async () => {
    const env = { ...(await withPnpm()), TURBO_TELEMETRY_DISABLED: '1', TURBO_NO_UPDATE_NOTIFIER: '1' };
    const turbo = join(root, 'node_modules/.bin/turbo');
    await runStep('Building', turbo, ['run', 'build', '--output-logs=full'], {
      env,
      progressOf: buildProgress(folders.length),
    });
  });
}

const scriptsOf = (folder) => JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8')).scripts ?? {};
const buildInputs = (folder) =>
  ['src', 'public', 'index.html', 'vite.config.ts', 'package.json', 'tsconfig.json', 'tsconfig.build.json'].map(
    (name) => `${folder}/${name}`,
  );

/** turbo says `@sotto/queue:build: cache miss, executing ...` (or `cache hit, ...`) when it takes a package up. */
function buildProgress(total) {
  const begun = new Set();
  return (line) => {
    const task = /^(\S+):build: cache (?:miss|hit|bypass)/.exec(line);
    if (!task) return null;
    begun.add(task[1]);
    return `${begun.size} of ${total}`;
  };
}

/** The script keeps its own cache, by everything that goes into a build; asking it takes a moment only. */
async function buildEngine() {
  const words = ['SOTTO_CUDA', 'SOTTO_CUDA_ARCHITECTURES', 'SOTTO_PORTABLE', 'CXX'].map(
    (name) => `${name}=${process.env[name] ?? ''}`,
  );
  const inputs = {
    files: [
      'pnpm-lock.yaml',
      ...['native', 'patches', 'scripts', 'CMakeLists.txt'].map((name) => `packages/whisper/${name}`),
    ],
    words: [...platform(), ...words],
    outputs: ['packages/whisper/build/sotto_whisper.node'],
  };
  await once('engine', inputs, () =>
    runStep('Building the speech engine', process.execPath, ['packages/whisper/scripts/build-native.mjs'], {
      progressOf: (line) => /^\s*(\d+) %/.exec(line)?.[0].trim() ?? null,
    }),
  );
}
