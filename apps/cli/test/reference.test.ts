import { readFile } from 'node:fs/promises';
import { expect, it } from '@jest/globals';
import { EXIT } from '../src/exit-codes.ts';
import { buildProgram } from '../src/program.ts';
import { CLI_DOCUMENT, cliDocument } from './reference/document.ts';

it('docs/cli.md says what the program says (pnpm --filter sotto reference writes it)', async () => {
  expect(await readFile(CLI_DOCUMENT, 'utf8')).toBe(await cliDocument());
});

it('sotto --help names every exit status', () => {
  const said: string[] = [];
  buildProgram(() => {})
    .configureOutput({ writeOut: (text) => said.push(text) })
    .outputHelp();
  const statuses = [...said.join('').matchAll(/^ {2}(\d+) +\S/gm)].map(([, status]) => Number(status));
  expect(statuses).toEqual(Object.values(EXIT));
});

it('docs/cli.md names every exit status', async () => {
  const rows = [...(await readFile(CLI_DOCUMENT, 'utf8')).matchAll(/^\| (\d+) \|/gm)].map(([, status]) =>
    Number(status),
  );
  expect(rows).toEqual(Object.values(EXIT));
});
