import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { filesOf } from './files.mjs';

const MOST_LINES = { source: 300, test: 400 };
const CODE = /\.(ts|tsx|css|mjs|js|cc|h|lua|py)$/;
const TEST = /\.test\.|(^|\/)test\//;

/** @returns {string[]} files of a checkout that have grown past what one can keep in mind, a description each */
export function longFiles(root) {
  return filesOf(root)
    .filter((path) => CODE.test(path))
    .map((path) => ({ path, lines: linesOf(join(root, path)), most: MOST_LINES[TEST.test(path) ? 'test' : 'source'] }))
    .filter(({ lines, most }) => lines > most)
    .map(({ path, lines, most }) => `${path} has ${lines} lines, more than ${most}: divide it along its ideas.`);
}

function linesOf(file) {
  const text = readFileSync(file, 'utf8');
  return text.split('\n').length - (text.endsWith('\n') ? 1 : 0);
}
