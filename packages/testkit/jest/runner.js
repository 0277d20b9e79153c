import { readFileSync } from 'node:fs';
import { extract, parse } from 'jest-docblock';
import TestRunner from 'jest-runner';

/** So many files that keep every processor busy: each waits now and then, and another can use the time. */
const BUSY_WORKERS = 2;

/**
 * Runs integration files side by side, and after them those that ask for something else in their first comment:
 *
 *     /** @busy Its engine keeps every core busy. *\/
 *     /** @alone It measures how long a clip waits. *\/
 *
 * Busy files run two at a time: they would disturb many others. Alone are files that measure time or compile: they would
 * be disturbed, too. Files that take a minute or more say `@long`, and begin first, so that nothing waits for them at the end.
 */
export default class IntegrationRunner extends TestRunner {
  async runTests(tests, watcher, options) {
    const wishes = new Map(tests.map((test) => [test, wishOf(test.path)]));
    const run = async (wish, more = {}) => {
      const files = tests
        .filter((test) => wishes.get(test).wish === wish)
        .sort((one, other) => Number(wishes.get(other).isLong) - Number(wishes.get(one).isLong));
      if (files.length > 0) await super.runTests(files, watcher, { ...options, ...more });
    };
    await run('together');
    const { maxWorkers } = this._globalConfig;
    this._globalConfig = { ...this._globalConfig, maxWorkers: Math.min(maxWorkers, BUSY_WORKERS) };
    await run('busy');
    await run('alone', { serial: true });
  }
}

function wishOf(path) {
  const comment = parse(extract(readFileSync(path, 'utf8')));
  const wish = ['alone', 'busy'].find((each) => comment[each] !== undefined) ?? 'together';
  if (comment[wish] === '') throw new Error(`${path}: @${wish} without a reason.`);
  return { wish, isLong: comment.long !== undefined };
}
