import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * @typedef {object} Package
 * @property {string} folder `packages/queue`
 * @property {string[]} dependencies folders of our packages that its source may import
 * @property {string[]} devDependencies folders of our packages that only its tests may import
 */

/** Our packages and what their package.json says they import of each other. @returns {Package[]} */
export function packagesOf(root) {
  const manifests = manifestsOf(root);
  const folderOf = new Map(manifests.map(({ folder, manifest }) => [manifest.name, folder]));
  const folders = (names) => names.map((name) => folderOf.get(name)).filter((folder) => folder !== undefined);
  return manifests.map(({ folder, manifest }) => ({
    folder,
    dependencies: folders([...Object.keys(manifest.dependencies ?? {}), ...copied(manifest), ...bundled(manifest)]),
    devDependencies: folders(Object.keys(manifest.devDependencies ?? {})),
  }));
}

function manifestsOf(root) {
  const folders = ['apps', 'packages'].flatMap((parent) =>
    readdirSync(join(root, parent)).map((name) => `${parent}/${name}`),
  );
  return [...folders, 'bench']
    .filter((folder) => existsSync(join(root, folder, 'package.json')))
    .map((folder) => ({ folder, manifest: JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8')) }));
}

/** Names of packages that this one reaches through a `#name` of its own, and carries a copy of when it is built. */
function copied({ imports = {} }) {
  const targets = Object.values(imports).flatMap((conditions) => Object.values(conditions));
  return targets.map((target) => /^(@[^/]+\/)?[^./][^/]*/.exec(target)?.[0]).filter((name) => name !== undefined);
}

/** Names of packages that end up in the bundle that vite makes. */
function bundled({ devDependencies = {} }) {
  return 'vite' in devDependencies ? Object.keys(devDependencies).filter((name) => name !== '@sotto/testkit') : [];
}
