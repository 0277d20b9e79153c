#!/usr/bin/env node
/** `pnpm test:chaos [--jobs 300] [--recordings 40] [--texts 20] [--seconds 300] [--seed N] [--faults a,b] [--out FILE]`: jobs while things break. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { setUp } from './setup/index.mjs';
import { root } from './setup/root.mjs';
import { endOnSetupError } from './setup/terminal.mjs';

await setUp({ forTests: true, yes: false }).catch(endOnSetupError);
const program = join(root, 'apps/api/test/chaos/main.ts');
const node = ['--import', 'tsx', '--conditions=@sotto/source', program, ...process.argv.slice(2)];
const { status } = spawnSync(process.execPath, node, {
  cwd: root,
  stdio: 'inherit',
  env: { ...process.env, SOTTO_TEST_DIST: '1' },
});
process.exitCode = status ?? 1;
