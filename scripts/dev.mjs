#!/usr/bin/env node
/** `pnpm dev`: the service from source; the API and the worker start anew when their sources change. */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { setUp } from './setup/index.mjs';
import { root } from './setup/root.mjs';
import { endOnSetupError } from './setup/terminal.mjs';

const args = process.argv.slice(2).filter((arg) => arg !== '--');
await setUp({ forTests: false, yes: false }).catch(endOnSetupError);

const fromSource = ['--import', 'tsx', '--conditions=@sotto/source', join(root, 'apps/cli/src/main.ts')];
const child = spawn(process.execPath, [...fromSource, 'up', '--watch', ...args], { cwd: root, stdio: 'inherit' });
// Ctrl-C reaches it through the terminal; we only wait for its end.
process.on('SIGINT', () => {});
for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
child.once('close', (code) => {
  process.exitCode = code ?? 1;
});
