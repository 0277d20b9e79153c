import { execFileSync } from 'node:child_process';
import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { root } from '../setup/root.mjs';
import { folderWith, write } from './temporary-folder.mjs';

const manifest = (name, dependencies) =>
  JSON.stringify({ name, version: '1.0.0', dependencies, scripts: { typecheck: 'tsc --noEmit' } });

/** `app` imports `middle`, which imports `base`; nobody imports `other`. Held together by our own turbo.json. */
function workspace() {
  const folder = folderWith({
    'package.json': JSON.stringify({ name: 'root', private: true, packageManager: 'pnpm@12.21.0' }),
    'pnpm-workspace.yaml': 'packages: [packages/*]\n',
    'pnpm-lock.yaml': "lockfileVersion: '9.0'\n",
    'packages/app/package.json': manifest('app', { middle: 'workspace:*' }),
    'packages/middle/package.json': manifest('middle', { base: 'workspace:*' }),
    'packages/base/package.json': manifest('base', {}),
    'packages/other/package.json': manifest('other', {}),
    'packages/base/src/index.ts': 'export type Shape = { name: string };\n',
    'packages/base/src/index.test.ts': '',
  });
  for (const file of ['turbo.json', 'tsconfig.base.json']) copyFileSync(join(root, file), join(folder, file));
  return folder;
}

/** Names of packages -> what turbo would look its last result up by. */
function typecheckKeys(folder) {
  const turbo = join(root, 'node_modules/.bin/turbo');
  const env = { ...process.env, TURBO_TELEMETRY_DISABLED: '1', TURBO_NO_UPDATE_NOTIFIER: '1' };
  const plan = execFileSync(turbo, ['run', 'typecheck', '--dry=json'], { cwd: folder, env, stdio: 'pipe' });
  const tasks = JSON.parse(plan.toString()).tasks.filter(({ task }) => task === 'typecheck');
  return Object.fromEntries(tasks.map((task) => [task.package, task.hash]));
}

function checkedAgainAfter(edit) {
  const folder = workspace();
  const before = typecheckKeys(folder);
  write(folder, edit);
  const after = typecheckKeys(folder);
  return Object.keys(after).filter((name) => after[name] !== before[name]);
}

describe('turbo run typecheck', () => {
  it('checks all again that import what has changed, at any distance', () => {
    const edit = { 'packages/base/src/index.ts': 'export type Shape = { title: string };\n' };
    expect(checkedAgainAfter(edit).sort()).toEqual(['app', 'base', 'middle']);
  });

  it('checks everything again when the shared compiler options change', () => {
    expect(checkedAgainAfter({ 'tsconfig.base.json': '{}' }).sort()).toEqual(['app', 'base', 'middle', 'other']);
  });

  it("does not check others again for a package's tests", () => {
    expect(checkedAgainAfter({ 'packages/base/src/index.test.ts': 'export {};\n' })).toEqual(['base']);
  });
});
