import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { root } from '../setup/root.mjs';
import { folderWith } from './temporary-folder.mjs';

/** Lines of that file, in a checkout with our own Biome settings, that the ban on packed lines is about. */
function bannedLines(path, text) {
  const folder = folderWith({ [path]: text, '.gitignore': 'node_modules\n' });
  mkdirSync(join(folder, 'scripts/checks'), { recursive: true });
  for (const file of ['biome.json', 'scripts/checks/no-packed-lines.grit'])
    copyFileSync(join(root, file), join(folder, file));
  const { stdout, status } = spawnSync(join(root, 'node_modules/.bin/biome'), ['lint', '--reporter=github', '.'], {
    cwd: folder,
    encoding: 'utf8',
  });
  const lines = [...stdout.matchAll(/^::error title=plugin,.*?,line=(\d+)/gm)].map(([, line]) => Number(line));
  // What fails a check is its exit status.
  expect(status).toBe(lines.length > 0 ? 1 : 0);
  return lines;
}

describe('the ban on packed lines', () => {
  it('names every literal that is spread into a literal', () => {
    const text = [
      'export const object = { ...{ a: 1, b: 2 }, c: 3 };',
      "export const list = [...['a', 'b'], 'c'];",
      "export const constant = [...(['a', 'b'] as const), 'c'];",
      'export const told = { ...({ a: 1 } satisfies object), ...({ b: 1 } as const), ...({ c: 1 }) };',
      'export const argument = Math.max(...[1, 2]);',
    ].join('\n');
    expect(bannedLines('packages/storage/src/fault.ts', text)).toEqual([1, 2, 3, 4, 4, 4, 5]);
  });

  it('leaves spreads alone that say something', () => {
    const text = [
      'declare const given: { a?: number; more: object };',
      'export const object = { ...given.more, ...(given.a && { a: given.a }), ...(given.a ? { b: 1 } : {}) };',
      "export const list = [...'abc', ...new Set([1]), ...[1, 2].map(String)];",
    ].join('\n');
    expect(bannedLines('packages/storage/src/fine.ts', text)).toEqual([]);
  });
});
