/** pnpm in the version that package.json pins, without root and without touching what the user has. */
import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { root, workspace } from './root.mjs';
import { runStep } from './terminal.mjs';

const [, version] = /^pnpm@(\d+\.\d+\.\d+)/.exec(workspace.packageManager);
const home = join(root, '.sotto/tools', `pnpm-${version}`);
const bin = join(home, 'node_modules/.bin');

/** The environment in which `pnpm` is that version: turbo calls it by name. */
export async function withPnpm() {
  if (!existsSync(home)) await install(`${home}.partial`);
  return { ...cleanNpmEnvironment(), PATH: `${bin}${delimiter}${process.env.PATH ?? ''}` };
}

/**
 * Its install script puts the native binary in the place of a shell script that only shells can run. npm is told to
 * run no scripts, and may refuse to anyway, so it is called here.
 */
async function install(partial) {
  rmSync(partial, { recursive: true, force: true });
  mkdirSync(partial, { recursive: true });
  const options = ['--no-save', '--no-audit', '--no-fund', '--ignore-scripts'];
  const env = cleanNpmEnvironment();
  const title = `Getting pnpm ${version}`;
  await runStep(title, 'npm', ['install', '--prefix', partial, ...options, `pnpm@${version}`], { env });
  await runStep('Unpacking pnpm', process.execPath, [join(partial, 'node_modules/pnpm/install.js')], { env });
  renameSync(partial, home);
}

/** `npm start` hands its own settings down as variables; a second npm or a pnpm must read its own. */
function cleanNpmEnvironment() {
  const inherited = Object.entries(process.env).filter(
    ([name]) => !/^npm_(config_(local_prefix|prefix|global_prefix)|package_|lifecycle_)/i.test(name),
  );
  return Object.fromEntries(inherited);
}
