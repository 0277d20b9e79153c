/** The manifests of k8s/overlays, as helm makes them of the chart and the values of each environment. */
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../setup/root.mjs';
import { KUBERNETES_VERSION } from './tools.mjs';

export const chart = join(root, 'k8s/chart');
const overlays = join(root, 'k8s/overlays');

/** Environment -> the file that helm writes for it. */
export const environments = () =>
  readdirSync(overlays).map((name) => ({
    name,
    folder: join(overlays, name),
    file: join(overlays, name, 'sotto.yaml'),
  }));

const HEAD = '# Written by `pnpm k8s:render` from k8s/chart and values.yaml beside this. Do not edit.\n';

/** What `helm template` prints. @throws Error with helm's own words. */
export function render(helm, { release = 'sotto', values = [], set = [], setString = [], namespace = 'sotto' } = {}) {
  const files = values.flatMap((file) => ['--values', file]);
  const more = [...set.flatMap((pair) => ['--set', pair]), ...setString.flatMap((pair) => ['--set-string', pair])];
  const args = ['template', release, chart, '--namespace', namespace, '--kube-version', KUBERNETES_VERSION];
  return execFileSync(helm, [...args, ...files, ...more], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
}

export function renderEnvironment(helm, { folder }) {
  const [, namespace] = /^namespace: (\S+)$/m.exec(readFileSync(join(folder, 'kustomization.yaml'), 'utf8')) ?? [];
  return `${HEAD}${render(helm, { values: [join(folder, 'values.yaml')], namespace })}`;
}
