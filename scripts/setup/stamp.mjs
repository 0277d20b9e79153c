/** A step is done when its stamp holds the hash of its inputs and its outputs are there. */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './root.mjs';

const folder = join(root, '.sotto/stamps');
const SKIPPED = new Set(['node_modules', 'dist', 'build', '.turbo', 'coverage']);

/** All files at and below the given paths (relative to the checkout), sorted. */
function filesOf(path) {
  const full = join(root, path);
  if (!existsSync(full)) return [];
  if (statSync(full).isFile()) return [path];
  return readdirSync(full)
    .filter((name) => !SKIPPED.has(name))
    .sort()
    .flatMap((name) => filesOf(`${path}/${name}`));
}

/** Folders of all workspace packages. */
export function packageFolders() {
  return ['apps', 'packages']
    .flatMap((parent) => readdirSync(join(root, parent)).map((name) => `${parent}/${name}`))
    .concat('bench')
    .filter((path) => existsSync(join(root, path, 'package.json')));
}

export function hashOf({ files, words }) {
  const hash = createHash('sha256');
  for (const file of files.flatMap(filesOf))
    hash
      .update(`${file}\0`)
      .update(readFileSync(join(root, file)))
      .update('\0');
  for (const word of words) hash.update(`${word}\0`);
  return hash.digest('hex');
}

/** Runs `work` unless its stamp says that these inputs have been through it and `outputs` still exist. */
export async function once(name, { files = [], words = [], outputs = [] }, work) {
  const stamp = join(folder, name);
  const hash = hashOf({ files, words });
  const isDone =
    existsSync(stamp) && readFileSync(stamp, 'utf8') === hash && outputs.every((path) => existsSync(join(root, path)));
  if (isDone) return;
  rmSync(stamp, { force: true });
  await work();
  mkdirSync(folder, { recursive: true });
  writeFileSync(stamp, hash);
}
