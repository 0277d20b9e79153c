import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const MOST_LINES = { source: 300, test: 400 };
const CODE = /\.(ts|mjs|js|cc|h|lua|py)$/;
const TEST = /\.test\.|(^|\/)test\//;

/** @returns {string[]} files of a checkout that have grown past what one can keep in mind, a description each */
export function longFiles(root) {
  return filesOf(root)
    .filter((path) => CODE.test(path))
    .map((path) => ({ path, lines: linesOf(join(root, path)), most: MOST_LINES[TEST.test(path) ? 'test' : 'source'] }))
    .filter(({ lines, most }) => lines > most)
    .map(({ path, lines, most }) => `${path} has ${lines} lines, more than ${most}: divide it along its ideas.`);
}

/** What git knows or would take up: nothing that was built. */
function filesOf(root) {
  const args = ['ls-files', '-z', '--cached', '--others', '--exclude-standard', '--deduplicate'];
  return execFileSync('git', args, { cwd: root, encoding: 'utf8' }).split('\0').filter(Boolean);
}

function linesOf(file) {
  const text = readIfThere(file);
  return text.split('\n').length - (text.endsWith('\n') ? 1 : 0);
}

/** A file that was just removed is still in git's index. */
function readIfThere(file) {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if (error.code === 'ENOENT') return '';
    throw error;
  }
}
