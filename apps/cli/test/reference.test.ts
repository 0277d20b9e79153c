import { readFile } from 'node:fs/promises';
import { expect, it } from '@jest/globals';
import { EXIT } from '../src/exit-codes.ts';
import { CLI_DOCUMENT, cliDocument } from './reference/document.ts';

it('docs/cli.md says what the program says (pnpm --filter sotto reference writes it)', async () => {
  expect(await readFile(CLI_DOCUMENT, 'utf8')).toBe(await cliDocument());
});

it('docs/cli.md names every exit status', async () => {
  const rows = [...(await readFile(CLI_DOCUMENT, 'utf8')).matchAll(/^\| (\d+) \|/gm)].map(([, status]) =>
    Number(status),
  );
  expect(rows).toEqual(Object.values(EXIT));
});
