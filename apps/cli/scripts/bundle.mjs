/**
 * Writes the package that is published, `@sotto/cli`, into `npm/` or the folder that is named: the command line without a service of its own (src/remote.ts) as
 * one file, with everything it needs inside. The packages of this repository that it uses are not published, and nothing
 * has to be compiled or fetched where it is installed.
 */
import { copyFile, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const CLI = fileURLToPath(new URL('..', import.meta.url));
const REPOSITORY = join(CLI, '../..');
const OUTPUT = resolve(process.argv[2] ?? join(CLI, 'npm'));

/** What packages in CommonJS call. */
const REQUIRE = "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);";

/** Zod's messages in fifty languages; all of ours are in English. */
const ENGLISH_ONLY = {
  name: 'english only',
  setup: ({ onLoad }) =>
    onLoad({ filter: /zod\/v4\/locales\/index\.js$/ }, () => ({
      contents: "export { default as en } from './en.js';",
    })),
};

await rm(OUTPUT, { recursive: true, force: true });
await mkdir(join(OUTPUT, 'dist'), { recursive: true });
const { metafile } = await build({
  absWorkingDir: REPOSITORY,
  entryPoints: [join(CLI, 'src/remote.ts')],
  outfile: join(OUTPUT, 'dist/sotto.js'),
  bundle: true,
  platform: 'node',
  format: 'esm',
  target: 'node20.19',
  conditions: ['@sotto/source'],
  banner: { js: `#!/usr/bin/env node\n${REQUIRE}` },
  legalComments: 'none',
  metafile: true,
  plugins: [ENGLISH_ONLY],
});
const { version, license } = await manifestOf(CLI);
await writeFile(join(OUTPUT, 'package.json'), `${JSON.stringify(manifest(version, license), null, 2)}\n`);
await copyFile(join(CLI, 'README.md'), join(OUTPUT, 'README.md'));
await copyFile(join(REPOSITORY, 'LICENSE'), join(OUTPUT, 'LICENSE'));
await writeFile(join(OUTPUT, 'THIRD-PARTY.txt'), await notices(contained(metafile)));

function manifest(version, license) {
  return {
    name: '@sotto/cli',
    version,
    description: 'The command line of Sotto, speech to text on machines you own: transcribe, live, watch, batch, top.',
    keywords: ['speech-to-text', 'transcription', 'whisper', 'captions', 'sotto'],
    license,
    type: 'module',
    engines: { node: '>=20.19' },
    bin: { sotto: 'dist/sotto.js' },
    files: ['dist', 'THIRD-PARTY.txt'],
  };
}

/** Files of which something is left in the bundle. */
function contained({ outputs }) {
  const inputs = Object.values(outputs).flatMap((output) => Object.entries(output.inputs));
  return inputs.filter(([, { bytesInOutput }]) => bytesInOutput > 0).map(([path]) => path);
}

/** The licences of what is inside, as they ask for. */
async function notices(inputs) {
  const folders = new Set(inputs.map((path) => folderOfPackage(path)).filter((folder) => folder !== null));
  const texts = await Promise.all([...folders].sort().map(noticeOf));
  return `${texts.join(`\n\n${'-'.repeat(80)}\n\n`)}\n`;
}

/** null: it is ours. */
function folderOfPackage(path) {
  const [, inside] = /^(.*\/node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(join(REPOSITORY, path)) ?? [];
  return inside ?? null;
}

async function noticeOf(folder) {
  const { name, version, license } = await manifestOf(folder);
  const file = (await readdir(folder)).find((each) => /^licen[cs]e/i.test(each));
  if (file !== undefined)
    return `${name} ${version} (${license})\n\n${(await readFile(join(folder, file), 'utf8')).trim()}`;
  throw new Error(`${name} ${version} comes without a licence to pass on`);
}

async function manifestOf(folder) {
  return JSON.parse(await readFile(join(folder, 'package.json'), 'utf8'));
}
