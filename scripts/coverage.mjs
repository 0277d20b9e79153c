#!/usr/bin/env node
/** `pnpm test:coverage`: the whole suite, measured in jest and in the processes it spawns; fails below 80 % of lines. */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { setUp } from './setup/index.mjs';
import { runJest } from './setup/jest.mjs';
import { root } from './setup/root.mjs';
import { endOnSetupError, say } from './setup/terminal.mjs';

const LEAST_PERCENT = 80;
const folder = join(root, 'coverage');
const rawFolder = join(folder, 'processes');

await setUp({ forTests: true, yes: false }).catch(endOnSetupError);
rmSync(folder, { recursive: true, force: true });
const measured = [
  '--coverage',
  '--coverageProvider=v8',
  '--coverageReporters=json',
  `--coverageDirectory=${join(folder, 'jest')}`,
  '--collectCoverageFrom={apps,packages}/*/src/**/*.ts',
  '--collectCoverageFrom=!**/*.test.ts',
];
const code = await runJest([...measured, ...process.argv.slice(2)], {
  SOTTO_TEST_DIST: '1',
  SOTTO_COVERAGE_DIR: rawFolder,
});

const { reportCoverage } = await import('../packages/testkit/jest/coverage-report.js');
const percent = await reportCoverage({ root, rawFolder, folder, jestReport: join(folder, 'jest/coverage-final.json') });
rmSync(rawFolder, { recursive: true, force: true });
const isEnough = percent >= LEAST_PERCENT;
say(
  `${percent} % of lines are covered; ${isEnough ? 'at least' : 'TOO FEW:'} ${LEAST_PERCENT} % are asked for. See ${join(folder, 'index.html')}`,
);
process.exitCode = code === 0 && !isEnough ? 1 : code;
