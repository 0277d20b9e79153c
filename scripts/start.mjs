#!/usr/bin/env node
/** `npm start`: installs and builds what is missing, then `sotto up`. Options other than --yes go to `sotto up`. */
import { setUp } from './setup/index.mjs';
import { endOnSetupError } from './setup/terminal.mjs';

const args = process.argv.slice(2);
const yes = args.includes('--yes') || args.includes('-y');

await setUp({ forTests: false, yes }).catch(endOnSetupError);

// In this same process: one that Ctrl-C reaches, with nobody in between.
process.argv.splice(2, args.length, 'up', ...args.filter((arg) => arg !== '--yes' && arg !== '-y'));
await import('../apps/cli/bin/sotto.js');
