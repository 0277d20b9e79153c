import { spawnSync } from 'node:child_process';
import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { root } from '../setup/root.mjs';
import { folderWith } from './temporary-folder.mjs';

/** Lines of that source text that `pnpm check:lint` refuses, in a checkout with our own settings. */
function refusedLines(...lines) {
  const folder = folderWith({ 'packages/storage/src/some.ts': lines.join('\n'), '.gitignore': 'node_modules\n' });
  for (const part of ['biome.json', 'scripts/checks'])
    cpSync(join(root, part), join(folder, part), { recursive: true });
  const { stdout, status } = spawnSync(
    join(root, 'node_modules/.bin/biome'),
    ['lint', '--error-on-warnings', '--reporter=github', 'packages'],
    { cwd: folder, encoding: 'utf8' },
  );
  const refused = [...stdout.matchAll(/^::error title=.*?,line=(\d+)/gm)].map(([, line]) => Number(line));
  // What fails a check is its exit status.
  expect(status).toBe(refused.length > 0 ? 1 : 0);
  return refused;
}

describe('pnpm check:lint', () => {
  it('refuses every literal that is spread into a literal', () => {
    const refused = refusedLines(
      'export const object = { ...{ a: 1, b: 2 }, c: 3 };',
      "export const list = [...['a', 'b'], 'c'];",
      "export const constant = [...(['a', 'b'] as const), 'c'];",
      'export const told = { ...({ a: 1 } satisfies object), ...({ b: 1 } as const), ...({ c: 1 }) };',
      'export const argument = Math.max(...[1, 2]);',
    );
    expect(refused).toEqual([1, 2, 3, 4, 4, 4, 5]);
  });

  it('lets pass spreads that say something', () => {
    const refused = refusedLines(
      'declare const given: { a?: number; more: object };',
      'export const object = { ...given.more, ...(given.a && { a: given.a }), ...(given.a ? { b: 1 } : {}) };',
      "export const list = [...'abc', ...new Set([1]), ...[1, 2].map(String)];",
    );
    expect(refused).toEqual([]);
  });

  it('refuses any, and types imported in passing', () => {
    const refused = refusedLines(
      'export const list: any[] = [];',
      'export const told = {} as any;',
      "export type Other = import('./other.ts').Other;",
      "export const other = await import('./other.ts');",
    );
    expect(refused).toEqual([1, 2, 3]);
  });
});
