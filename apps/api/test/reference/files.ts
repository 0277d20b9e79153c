import { readFile } from 'node:fs/promises';
import { workerEnvSchema } from '@sotto/worker';
import { apiEnv } from '../../src/settings/env.ts';
import {
  anywhereList,
  badInputTable,
  configurationTable,
  containerTable,
  envExample,
  errorTable,
  nameList,
  unusedTable,
  withSection,
} from './render.ts';

const REPOSITORY = new URL('../../../../', import.meta.url);
const PROCESSES = { api: apiEnv, worker: workerEnvSchema };

export const fileUrl = (path: string): URL => new URL(path, REPOSITORY);

/** What the generated reference pages should contain now, by path. */
export async function referenceFiles(): Promise<Record<string, string>> {
  const page = (path: string) => readFile(fileUrl(path), 'utf8');
  const errors = [
    ['errors', errorTable()],
    ['anywhere', anywhereList()],
    ['bad-input', badInputTable()],
  ] as const;
  const configuration = [
    ['names', configurationTable(PROCESSES)],
    ['secrets', nameList(PROCESSES, ({ secret }) => secret !== false)],
    ['reload', nameList(PROCESSES, ({ reload }) => reload)],
    ['unused', unusedTable()],
  ] as const;
  return {
    'docs/API.md': withSection(await page('docs/API.md'), 'containers', containerTable()),
    'docs/errors.md': errors.reduce(
      (text, [name, content]) => withSection(text, name, content),
      await page('docs/errors.md'),
    ),
    'docs/configuration.md': configuration.reduce(
      (text, [name, content]) => withSection(text, name, content),
      await page('docs/configuration.md'),
    ),
    '.env.example': envExample(PROCESSES),
  };
}
