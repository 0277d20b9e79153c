import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type CommandResult, REPOSITORY, runCommand, temporaryFolder } from '@sotto/testkit';

const RUNNER = join(REPOSITORY, 'packages/testkit/jest/runner.js');
const REPORTER = join(REPOSITORY, 'packages/testkit/jest/reporter.js');
const JEST = join(REPOSITORY, 'node_modules/jest/bin/jest.js');

/** A test file that says when it runs, by a file `<name>.runs`, and then expects something of the others. */
const testFile = (name: string, comment: string, expectation: string) => `${comment}
import { existsSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';
import { expect, it } from '@jest/globals';

const file = (name) => new URL(name, import.meta.url);
const others = () => readdirSync(new URL('.', import.meta.url)).filter((each) => each.endsWith('.runs') && each !== '${name}.runs');
const appears = async (condition, timeoutMs) => {
  for (const endMs = Date.now() + timeoutMs; Date.now() < endMs && !condition(); ) await setTimeout(10);
  return condition();
};
it('runs', async () => {
  writeFileSync(file('${name}.runs'), '');
  writeFileSync(file('${name}.ran'), '');
  ${expectation}
  rmSync(file('${name}.runs'));
}, 60_000);
`;

let folder = '';

beforeEach(async () => {
  folder = await temporaryFolder('runner');
});

afterEach(() => rm(folder, { recursive: true, force: true }));

async function jestOver(files: Record<string, string>): Promise<CommandResult & { lastLine: string }> {
  const config = `export default { rootDir: ${JSON.stringify(folder)}, runner: ${JSON.stringify(RUNNER)},
    reporters: [${JSON.stringify(REPORTER)}], testMatch: ['<rootDir>/*.test.mjs'], transform: {} };`;
  await writeFile(join(folder, 'jest.config.mjs'), config);
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, `${name}.test.mjs`), text);
  const args = ['--experimental-vm-modules', JEST, '--config', join(folder, 'jest.config.mjs'), '--maxWorkers=3'];
  const result = await runCommand(process.execPath, args, { cwd: REPOSITORY });
  return { ...result, lastLine: result.stdout.toString().trimEnd().split('\n').at(-1) ?? '' };
}

describe('integration files', () => {
  it('run side by side, and those that ask for it alone, after the others', async () => {
    const meets = (other: string) =>
      `expect(await appears(() => existsSync(file('${other}.ran')), 50_000)).toBe(true);`;
    const isAlone = `expect(others()).toEqual([]);
  expect(existsSync(file('a.ran')) && existsSync(file('b.ran'))).toBe(true);
  expect(await appears(() => others().length > 0, 300)).toBe(false);`;
    const comment = '/** @alone It measures something. */';
    const { lastLine, stderr, code } = await jestOver({
      a: testFile('a', '', meets('b')),
      b: testFile('b', '/** Without a wish. */', meets('a')),
      c: testFile('c', comment, isAlone),
      d: testFile('d', comment, isAlone),
    });
    expect({ lastLine, code, stderr: code === 0 ? '' : stderr }).toEqual({
      lastLine: '4 passed, 0 failed',
      code: 0,
      stderr: '',
    });
  });

  it('run two at a time where they keep every core busy, after those side by side and before those alone', async () => {
    const comment = '/** @busy It keeps every core busy. */';
    const atMostTwo = `expect(existsSync(file('a.ran'))).toBe(true);
  expect(existsSync(file('e.ran'))).toBe(false);
  expect(await appears(() => others().length > 1, 300)).toBe(false);`;
    const { lastLine, stderr, code } = await jestOver({
      a: testFile('a', '', ''),
      ...Object.fromEntries(['b', 'c', 'd'].map((name) => [name, testFile(name, comment, atMostTwo)])),
      e: testFile('e', '/** @alone It measures something. */', "expect(existsSync(file('d.ran'))).toBe(true);"),
    });
    expect({ lastLine, code, stderr: code === 0 ? '' : stderr }).toEqual({
      lastLine: '5 passed, 0 failed',
      code: 0,
      stderr: '',
    });
  });

  it('begin first where they say that they take long', async () => {
    const first = `expect(['a.ran', 'b.ran'].filter((ran) => existsSync(file(ran))).length).toBeLessThan(2);`;
    const { lastLine } = await jestOver({
      a: testFile('a', `/** @busy It keeps every core busy. */\n// ${'large files usually begin '.repeat(50)}`, ''),
      b: testFile('b', '/** @busy It keeps every core busy. */', ''),
      c: testFile('c', '/**\n * @busy It keeps every core busy.\n * @long\n */', first),
    });
    expect(lastLine).toBe('3 passed, 0 failed');
  });

  it.each(['alone', 'busy'])('must say why they want to be %s', async (wish) => {
    const { code, stderr } = await jestOver({ a: testFile('a', `/** @${wish} */`, ''), b: testFile('b', '', '') });
    expect(code).not.toBe(0);
    expect(stderr).toContain(`a.test.mjs: @${wish} without a reason.`);
  });
});
