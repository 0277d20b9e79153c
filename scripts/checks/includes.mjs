import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { filesOf } from './files.mjs';
import { folderCircles } from './folder-circles.mjs';

const NATIVE = 'packages/whisper/native';
/** Where a header is looked for, after the folder of the file that includes it. */
const INCLUDE_FOLDERS = [NATIVE, `${NATIVE}/whisper`, `${NATIVE}/silero`];

/** @returns {string[]} circles between the folders of the native code, a description each */
export function includeFaults(root) {
  const files = filesOf(root).filter((path) => path.startsWith(`${NATIVE}/`) && /(?<!_test)\.(cc|h)$/.test(path));
  return folderCircles(files.flatMap((from) => includesOf(root, from).map((to) => ({ from, to }))));
}

/** Headers of ours; those of libraries are found nowhere here. */
function includesOf(root, file) {
  const text = readFileSync(join(root, file), 'utf8');
  return [...text.matchAll(/^#include "([^"]+)"/gm)]
    .map(([, name]) => [dirname(file), ...INCLUDE_FOLDERS].map((folder) => join(folder, name)))
    .map((candidates) => candidates.find((path) => existsSync(join(root, path))))
    .filter((path) => path !== undefined);
}
