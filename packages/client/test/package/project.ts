import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type CommandResult, REPOSITORY, type Resource, runCommand } from '@sotto/testkit';

const CLIENT = fileURLToPath(new URL('../..', import.meta.url));
const TSC = join(REPOSITORY, 'node_modules/typescript/bin/tsc');

/** As strict as it gets: the types of packages are checked too. */
const STRICT = {
  strict: true,
  noUncheckedIndexedAccess: true,
  exactOptionalPropertyTypes: true,
  verbatimModuleSyntax: true,
  skipLibCheck: false,
  target: 'es2023',
};

export type Platform = 'node' | 'browser';

const COMPILER_OPTIONS: Record<Platform, object> = {
  node: { ...STRICT, lib: ['es2023'], types: ['node'], module: 'nodenext', outDir: 'built' },
  // Without Node's types: whatever the package's own types needed of them would be missing here.
  browser: {
    ...STRICT,
    lib: ['es2023', 'dom', 'dom.iterable'],
    types: [],
    module: 'esnext',
    moduleResolution: 'bundler',
    noEmit: true,
  },
};

/** Where npm gets what a package depends on. */
export async function npmRegistry(): Promise<Resource<true>> {
  const { code, stderr } = await npm(CLIENT, 'ping', '--fetch-retries=0');
  return code === 0 ? { value: true } : { skipped: `npm cannot reach its registry: ${stderr.split('\n')[1] ?? ''}` };
}

/**
 * Makes the empty `folder` somebody else's project, which has installed the client as it would be published.
 * @returns the files in the package
 */
export async function makeProject(folder: string): Promise<string[]> {
  // `npm test` has built what is packed; its own build would change files that another test may be using.
  const told = await mustNpm(CLIENT, 'pack', '--json', '--ignore-scripts', '--pack-destination', folder);
  const [packed] = JSON.parse(told) as { filename: string; files: { path: string }[] }[];
  if (packed === undefined) throw new Error(`npm pack said: ${told}`);
  await writeFile(join(folder, 'package.json'), '{ "name": "somebody-else", "private": true, "type": "module" }');
  const flags = ['--prefer-offline', '--no-audit', '--no-fund'];
  await mustNpm(folder, 'install', ...flags, `./${packed.filename}`, '@types/node@20');
  return packed.files.map(({ path }) => path);
}

/** Fails with what the compiler says. */
export async function compile(folder: string, platform: Platform, files: string[]): Promise<void> {
  const config = join(folder, `tsconfig.${platform}.json`);
  await writeFile(config, JSON.stringify({ compilerOptions: COMPILER_OPTIONS[platform], files }));
  const { code, stdout } = await runCommand(process.execPath, [TSC, '-p', config], { cwd: folder });
  if (code !== 0) throw new Error(stdout.toString('utf8'));
}

async function mustNpm(folder: string, ...args: string[]): Promise<string> {
  const { code, stdout, stderr } = await npm(folder, ...args);
  if (code !== 0) throw new Error(`npm ${args[0]} ended with ${code}: ${stderr}`);
  return stdout.toString('utf8');
}

/** Without what the npm that runs the tests has told its children. */
function npm(folder: string, ...args: string[]): Promise<CommandResult> {
  const own = Object.entries(process.env).filter(([name]) => !name.toLowerCase().startsWith('npm_'));
  return runCommand('npm', args, { cwd: folder, env: Object.fromEntries(own) });
}
