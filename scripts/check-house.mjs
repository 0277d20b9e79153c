#!/usr/bin/env node
/**
 * `pnpm check:house [CHECKOUT]`: arrows point down, no circle between folders, no file that has grown too long. Says each
 * fault on stderr and ends with 1 when there is one.
 */
import { longFiles } from './checks/file-lengths.mjs';
import { importFaults } from './checks/imports.mjs';
import { includeFaults } from './checks/includes.mjs';
import { root } from './setup/root.mjs';

const checkout = process.argv[2] ?? root;
const faults = [...(await importFaults(checkout)), ...includeFaults(checkout), ...longFiles(checkout)];
for (const fault of faults) process.stderr.write(`${fault}\n`);
process.exitCode = faults.length === 0 ? 0 : 1;
