import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));

/** The checkout this command belongs to. */
export const CHECKOUT = resolve(here, '../../..');

/** Folder of the data and of `.env`: the checkout, or SOTTO_HOME. */
export function homeOf(env: NodeJS.ProcessEnv): string {
  return env.SOTTO_HOME ? resolve(env.SOTTO_HOME) : CHECKOUT;
}

/**
 * Node's arguments for another app: run from source when this command runs from source, else as built. The app is where
 * Node finds its package: beside this one in a checkout, below it where the command was deployed (as in an image).
 */
export function appArguments(app: 'api' | 'worker'): string[] {
  const folder = dirname(fileURLToPath(import.meta.resolve(`@sotto/${app}`)));
  if (here.endsWith('src')) {
    const tsx = pathToFileURL(join(CHECKOUT, 'node_modules/tsx/dist/loader.mjs')).href;
    return ['--import', tsx, '--conditions=@sotto/source', join(folder, 'main.ts')];
  }
  const built = join(folder, 'main.js');
  if (!existsSync(built)) throw new Error(`apps/${app} is not built: run npm start in ${CHECKOUT}.`);
  return ['--enable-source-maps', built];
}
