import { readFileSync } from 'node:fs';
import { extract, parse } from 'jest-docblock';
import TestRunner from 'jest-runner';

/**
 * Runs integration files side by side, and after them, one by one, those that ask for it in their first comment:
 *
 *     /** @alone It measures how long a clip waits. *\/
 *
 * Alone are files that measure time, keep every processor busy or compile: they would disturb others and be disturbed.
 */
export default class IntegrationRunner extends TestRunner {
  async runTests(tests, watcher, options) {
    const alone = tests.filter(({ path }) => isAlone(path));
    const together = tests.filter((test) => !alone.includes(test));
    if (together.length > 0) await super.runTests(together, watcher, options);
    if (alone.length > 0) await super.runTests(alone, watcher, { ...options, serial: true });
  }
}

function isAlone(path) {
  const { alone } = parse(extract(readFileSync(path, 'utf8')));
  if (alone === undefined) return false;
  if (alone === '') throw new Error(`${path}: @alone without a reason.`);
  return true;
}
