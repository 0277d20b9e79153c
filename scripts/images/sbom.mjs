/**
 * Writes the bill of materials of an image (CycloneDX 1.6, JSON) to FOLDER/sbom.cdx.json: `node sbom.mjs IMAGE FOLDER`, run
 * inside the image, FOLDER being where the app is. Debian's packages, npm's, node and ffmpeg: all that came from elsewhere.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const output = (command, ...args) => spawnSync(command, args, { encoding: 'utf8' }).stdout ?? '';

/** Only what an SPDX list or a person needs: name, version, where from. */
const component = (type, name, version, purl, license) => ({
  type,
  name,
  version,
  purl,
  'bom-ref': purl,
  ...(typeof license === 'string' && { licenses: [licenseOf(license)] }),
});

/** Names and expressions are told apart; npm's field holds either. */
const licenseOf = (text) => (/^[\w.+-]+$/.test(text) ? { license: { name: text } } : { expression: text });

function systemPackages() {
  const [, system = 'debian'] = /^ID="?(\w+)/m.exec(readFileSync('/etc/os-release', 'utf8')) ?? [];
  const lines = output('dpkg-query', '--show', '--showformat', `\${Package}\t\${Version}\n`).trim().split('\n');
  return lines.map((line) => {
    const [name, version] = line.split('\t');
    return component('library', name, version, `pkg:deb/${system}/${name}@${encodeURIComponent(version)}`);
  });
}

/** pnpm keeps each package once, in node_modules/.pnpm/NAME@VERSION/node_modules/NAME; ours are not of npm. */
function npmPackages(folder) {
  const store = join(folder, 'node_modules/.pnpm');
  const manifests = readdirSync(store)
    .filter((name) => name.includes('@') && !name.startsWith('@sotto+'))
    .flatMap((name) => manifestsIn(join(store, name, 'node_modules'), name));
  return manifests.map(({ name, version, license }) =>
    component('library', name, version, `pkg:npm/${name.replace('@', '%40')}@${version}`, license),
  );
}

/** Of the package that the folder of the store is named after; beside it are links to those that it needs. */
function manifestsIn(modules, folderName) {
  const name = folderName.slice(0, folderName.indexOf('@', 1)).replace('+', '/');
  const file = join(modules, name, 'package.json');
  return existsSync(file) ? [JSON.parse(readFileSync(file, 'utf8'))] : [];
}

function programs() {
  const node = process.versions.node;
  const [, ffmpeg] = /^ffmpeg version (\S+)/.exec(output('ffmpeg', '-version')) ?? [];
  return [
    component('application', 'node', node, `pkg:generic/node@${node}`),
    ...(ffmpeg ? [component('application', 'ffmpeg', ffmpeg, `pkg:generic/ffmpeg@${ffmpeg}`)] : []),
  ];
}

const [image, folder] = process.argv.slice(2);
const { version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
const components = [...systemPackages(), ...npmPackages(folder), ...programs()];
const sbom = {
  bomFormat: 'CycloneDX',
  specVersion: '1.6',
  version: 1,
  metadata: { component: { type: 'container', name: `sotto-${image}`, version } },
  // pnpm keeps a package more than once when its peers differ.
  components: [...new Map(components.map((each) => [each['bom-ref'], each])).values()],
};
writeFileSync(join(folder, 'sbom.cdx.json'), `${JSON.stringify(sbom)}\n`);
process.stdout.write(`${sbom.components.length} components in ${join(folder, 'sbom.cdx.json')}\n`);
