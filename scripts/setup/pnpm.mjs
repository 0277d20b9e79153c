/** pnpm in the version that package.json pins, without root and without touching what the user has. */
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { root, workspace } from './root.mjs';
import { runStep, SetupError } from './terminal.mjs';

const [, version] = /^pnpm@(\d+\.\d+\.\d+)/.exec(workspace.packageManager);
const home = join(root, '.sotto/tools', `pnpm-${version}`);
const bin = join(home, 'node_modules/.bin');

/** The environment in which `pnpm` is that version: turbo calls it by name. */
export async function withPnpm() {
  if (!existsSync(join(bin, 'pnpm'))) {
    const args = [
      'install',
      '--prefix',
      home,
      '--no-save',
      '--no-audit',
      '--no-fund',
      '--ignore-scripts',
      `pnpm@${version}`,
    ];
    await runStep(`Getting pnpm ${version}`, 'npm', args, { env: cleanNpmEnvironment() });
  }
  if (!existsSync(join(bin, 'pnpm')))
    throw new SetupError(`npm installed pnpm ${version}, but ${join(bin, 'pnpm')} is not there.`);
  return { ...cleanNpmEnvironment(), PATH: `${bin}${delimiter}${process.env.PATH ?? ''}` };
}

/** `npm start` hands its own settings down as variables; a second npm or a pnpm must read its own. */
function cleanNpmEnvironment() {
  const inherited = Object.entries(process.env).filter(
    ([name]) => !/^npm_(config_(local_prefix|prefix|global_prefix)|package_|lifecycle_)/i.test(name),
  );
  return Object.fromEntries(inherited);
}
