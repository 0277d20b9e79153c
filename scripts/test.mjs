#!/usr/bin/env node
/**
 * `npm test`: installs and builds what is missing, then runs the whole suite against what was built. Arguments go to
 * jest. The last line says `N passed, N failed`.
 */
import { setUp } from './setup/index.mjs';
import { runJest } from './setup/jest.mjs';
import { SetupError, say } from './setup/terminal.mjs';

const args = process.argv.slice(2).filter((arg) => arg !== '--yes' && arg !== '-y');

try {
  await setUp({ forTests: true, yes: args.length < process.argv.length - 2 });
  process.exitCode = await runJest(args, { SOTTO_TEST_DIST: '1' });
} catch (error) {
  if (!(error instanceof SetupError)) throw error;
  say(error.message);
  process.stdout.write('0 passed, 1 failed\n');
  process.exitCode = 1;
}
