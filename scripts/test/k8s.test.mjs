import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { env } from 'node:process';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { parseAllDocuments } from 'yaml';
import { chart, environments, render, renderEnvironment } from '../k8s/render.mjs';
import { customResources, helm, kubectl, schemas } from '../k8s/tools.mjs';
import { root } from '../setup/root.mjs';

/** `pnpm test:k8s` */
const all = env.SOTTO_TEST_K8S === '1';
const tools = {
  helm: helm({ quick: !all }),
  kubectl: kubectl(),
  schemas: schemas(),
  custom: customResources({ quick: !all }),
};

/** Skipped, with the reason, where the tool is not there; `pnpm test:k8s` gets all of them. */
const describeWith = (tool, title, ...rest) =>
  tools[tool] === null
    ? describe.skip(`${title} (not run: no ${tool} here, see pnpm test:k8s)`, ...rest)
    : describe(title, ...rest);

const parse = (text) =>
  parseAllDocuments(text)
    .map((document) => document.toJS())
    .filter(Boolean);
const manifests = environments().map(({ name, file }) => [name, parse(readFileSync(file, 'utf8'))]);

const podOf = ({ spec }) => spec.template.spec;
const WORKLOADS = ['Deployment', 'StatefulSet'];
const workloads = (objects) => objects.filter(({ kind }) => WORKLOADS.includes(kind));
const component = (objects, name) =>
  workloads(objects).filter(({ metadata }) => metadata.labels['app.kubernetes.io/component'].startsWith(name));
const envOf = (container) => Object.fromEntries((container.env ?? []).map((entry) => [entry.name, entry]));
const settingsOf = (objects) =>
  objects.find(({ kind, metadata }) => kind === 'ConfigMap' && metadata.name === 'sotto-settings').data;

describe.each(manifests)('k8s/overlays/%s', (name, objects) => {
  const [api] = component(objects, 'api');
  const [apiContainer] = podOf(api).containers;
  const apiEnv = envOf(apiContainer);
  const workers = component(objects, 'worker');
  const pages = component(objects, 'web');
  const [redis] = component(objects, 'redis');

  it('asks every client for a key, which nothing but a secret holds', () => {
    expect(apiEnv.ENABLE_API_KEY.value).toBe('true');
    expect(apiEnv.API_KEY.valueFrom.secretKeyRef).toEqual({ name: 'sotto', key: 'API_KEY', optional: false });
    expect(objects.filter(({ kind }) => kind === 'Secret')).toEqual([]);
  });

  it('lets requests end: endpoints forget a pod before it stops, and it has all the time that its parts may take', () => {
    const pause = apiContainer.lifecycle.preStop.sleep.seconds;
    const grace = Number(apiEnv.SHUTDOWN_GRACE.value);
    expect(pause).toBeGreaterThanOrEqual(5);
    // main.ts: the server's limit is twice the grace and 3 s; then the rest closes.
    expect(podOf(api).terminationGracePeriodSeconds).toBeGreaterThanOrEqual(pause + 2 * (grace + 3) + 10);
    for (const worker of workers) {
      const [container] = podOf(worker).containers;
      // worker.ts: the grace, then 10 s to hand over.
      const needed = Number(envOf(container).SHUTDOWN_GRACE.value) + 10;
      expect(podOf(worker).terminationGracePeriodSeconds).toBeGreaterThanOrEqual(needed + 10);
    }
    for (const page of pages) {
      const [{ lifecycle }] = podOf(page).containers;
      // apps/web-server: 5 s.
      expect(podOf(page).terminationGracePeriodSeconds).toBeGreaterThanOrEqual(lifecycle.preStop.sleep.seconds + 10);
    }
  });

  it('serves the page from one place: pods of its own to which the ingress leads /app, or the API', () => {
    const [{ spec } = { spec: null }] = objects.filter(({ kind }) => kind === 'Ingress');
    const paths = spec?.rules[0].http.paths.map(({ path, backend }) => [path, backend.service.name]) ?? [];
    const isApart = pages.length === 1;
    expect(isApart).toBe(['prod', 'staging'].includes(name));
    expect(apiEnv.ENABLE_PAGE?.value).toBe(isApart ? 'false' : undefined);
    const toApi = ['/', 'sotto-api'];
    if (spec !== null) expect(paths).toEqual(isApart ? [['/app', 'sotto-web'], toApi] : [toApi]);
  });

  it('lets the page call nobody', () => {
    for (const page of pages) {
      const policy = objects.find(({ kind, metadata }) => kind === 'NetworkPolicy' && metadata.name === 'sotto-web');
      expect(policy.spec).toMatchObject({ policyTypes: ['Ingress', 'Egress'], egress: [] });
      expect(page.spec.template.metadata.labels).toMatchObject(policy.spec.podSelector.matchLabels);
      const service = objects.find(({ kind, metadata }) => kind === 'Service' && metadata.name === 'sotto-web');
      expect(page.spec.template.metadata.labels).toMatchObject(service.spec.selector);
    }
  });

  it('asks each process how it is', () => {
    for (const { containers } of [api, ...workers, ...pages].map(podOf)) {
      const [{ livenessProbe, readinessProbe, startupProbe }] = containers;
      expect(livenessProbe.httpGet.path).toBe('/health/live');
      expect(readinessProbe.httpGet.path).toBe('/health/ready');
      expect(startupProbe).toBeDefined();
    }
  });

  it('knows clients behind its ingress by their addresses', () => {
    const hasIngress = objects.some(({ kind }) => kind === 'Ingress');
    expect(apiEnv.TRUST_PROXY.value).toBe(hasIngress ? '1' : 'false');
  });

  it('gives each API pod an audit file of its own', () => {
    const names = apiContainer.env.map((entry) => entry.name);
    expect(apiEnv.AUDIT_LOG_FILE.value).toContain('audit.$(POD_NAME).jsonl');
    expect(names.indexOf('POD_NAME')).toBeLessThan(names.indexOf('AUDIT_LOG_FILE'));
  });

  it('has a Redis with a password, a limit of memory below its container, and nothing that forgets', () => {
    const [container] = podOf(redis).containers;
    const settings = envOf(container);
    expect(settings.PASSWORD.valueFrom.secretKeyRef).toEqual({ name: 'sotto', key: 'REDIS_PASSWORD' });
    expect(bytesOf(settings.MAXMEMORY.value)).toBeLessThanOrEqual(0.75 * bytesOf(container.resources.limits.memory));
    for (const { containers } of [api, ...workers].map(podOf)) {
      const secret = { name: 'sotto', key: 'REDIS_PASSWORD', optional: false };
      expect(envOf(containers[0]).REDIS_PASSWORD.valueFrom.secretKeyRef).toEqual(secret);
      const where = envOf(containers[0]).REDIS_URL.value;
      expect(where).toMatch(redis.spec.replicas === 3 ? /^redis\+sentinel:.*:26379\/sotto\/0$/ : /^redis:.*:6379\/0$/);
    }
  });

  it('lets nobody but its own pods reach Redis', () => {
    const policy = objects.find(({ kind, metadata }) => kind === 'NetworkPolicy' && metadata.name === 'sotto-redis');
    const own = { 'app.kubernetes.io/name': 'sotto' };
    expect(policy.spec.ingress).toEqual([
      { ports: [{ port: 6379 }, { port: 26379 }], from: [{ podSelector: { matchLabels: own } }] },
    ]);
    expect(redis.spec.template.metadata.labels).toMatchObject(policy.spec.podSelector.matchLabels);
    for (const workload of workloads(objects)) expect(workload.spec.template.metadata.labels).toMatchObject(own);
  });

  it('runs everything as Pod Security "restricted" wants it', () => {
    for (const pod of workloads(objects).map(podOf)) {
      expect(pod.securityContext).toMatchObject({ runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } });
      expect(pod.automountServiceAccountToken).toBe(false);
      for (const { securityContext, resources } of pod.containers) {
        expect(securityContext).toEqual({
          allowPrivilegeEscalation: false,
          readOnlyRootFilesystem: true,
          capabilities: { drop: ['ALL'] },
        });
        expect(resources.limits.memory).toBeDefined();
      }
    }
  });

  it('spreads API, workers and the page over machines, and drains them one by one', () => {
    const budgets = objects.filter(({ kind }) => kind === 'PodDisruptionBudget').map(({ spec }) => spec);
    for (const { spec } of [api, ...workers, ...pages]) {
      const labels = spec.selector.matchLabels;
      expect(budgets).toContainEqual({ maxUnavailable: 1, selector: { matchLabels: labels } });
      const spread = spec.template.spec.topologySpreadConstraints;
      expect(spread.map(({ topologyKey }) => topologyKey)).toContain('kubernetes.io/hostname');
      for (const { labelSelector } of spread) expect(labelSelector.matchLabels).toEqual(labels);
    }
  });

  it('decodes somewhere: a pool with the role prepare never shrinks to nothing', () => {
    const roles = (worker) => envOf(podOf(worker).containers[0]).SOTTO_ROLES.value.split(',');
    const preparing = workers.filter((worker) => roles(worker).includes('prepare'));
    const least = preparing.map((worker) => {
      const scaled = objects.find(
        ({ kind, spec }) => kind === 'ScaledObject' && spec.scaleTargetRef.name === worker.metadata.name,
      );
      return scaled?.spec.minReplicaCount ?? worker.spec.replicas;
    });
    expect(Math.max(...least)).toBeGreaterThanOrEqual(1);
  });

  it('scales workers on what a backlog takes, and on the jobs of every queue', () => {
    const scaled = objects.filter(({ kind }) => kind === 'ScaledObject');
    expect(scaled.length > 0).toBe(name !== 'dev');
    for (const { spec, metadata } of scaled) {
      const queries = spec.triggers.map((trigger) => trigger.metadata.query).join('\n');
      for (const queue of [
        'transcriptions',
        'preparations',
        'languages',
        'windows',
        'urgent-windows',
        'speeches',
        'pieces',
        'urgent-pieces',
      ]) {
        expect(queries).toMatch(new RegExp(`[|"]${queue}[|"]`));
      }
      expect(queries).toContain('sotto_backlog_worker_seconds');
      const target = objects.find(({ kind, metadata: { name: of } }) => kind === 'Deployment' && of === metadata.name);
      // A number of its own would fight with the autoscaler's at every deployment.
      expect(target.spec.replicas).toBeUndefined();
    }
  });

  it('sets only what the processes read', () => {
    const page = readFileSync(join(root, 'docs/configuration.md'), 'utf8');
    const known = new Set([...page.matchAll(/^\| `([A-Z0-9_]+)` \|/gm)].map(([, setting]) => setting));
    const set = [
      ...Object.keys(settingsOf(objects)),
      ...[api, ...workers].flatMap((each) => Object.keys(envOf(podOf(each).containers[0]))),
    ];
    // Of which others are made.
    const parts = ['POD_NAME', 'POSTGRES_PASSWORD'];
    expect(set.filter((setting) => !known.has(setting) && !parts.includes(setting))).toEqual([]);
  });
});

/** `1400mb`, `2Gi` */
function bytesOf(text) {
  const [, number, unit] = /^(\d+)(\w*)$/.exec(text);
  return Number(number) * { mb: 2 ** 20, gb: 2 ** 30, Mi: 2 ** 20, Gi: 2 ** 30 }[unit];
}

describeWith('schemas', 'the schemas of Kubernetes', () => {
  const ajv = new Ajv2020({ strict: false, validateFormats: false });
  const fileOf = ({ apiVersion, kind }) => {
    const [group, version] = apiVersion.includes('/') ? apiVersion.split('/') : ['', apiVersion];
    return join(tools.schemas, `${kind}${group && `-${group.split('.')[0]}`}-${version}.json`.toLowerCase());
  };
  const read = (file) => JSON.parse(readFileSync(file, 'utf8'));
  const validators = new Map();
  const validatorOf = (file) => {
    if (validators.size === 0) ajv.addSchema(read(join(tools.schemas, '_definitions.json')), '_definitions.json');
    if (!validators.has(file)) validators.set(file, existsSync(file) ? ajv.compile(read(file)) : null);
    return validators.get(file);
  };

  /** null: no kind of Kubernetes' own. */
  const faultsOf = (object) => {
    const validate = validatorOf(fileOf(object));
    if (validate === null) return null;
    return validate(object)
      ? []
      : validate.errors.map(({ instancePath, message, params }) => ({ instancePath, message, params }));
  };

  it.each(manifests)('%s: every object of Kubernetes is one', (_name, objects) => {
    const checked = objects.map((object) => [`${object.kind} ${object.metadata.name}`, faultsOf(object)]);
    const unknown = checked.filter(([, faults]) => faults === null).map(([title]) => title.split(' ')[0]);
    expect(
      new Set(unknown.filter((kind) => !/^(ScaledObject|ServiceMonitor|PodMonitor|PrometheusRule)$/.test(kind))),
    ).toEqual(new Set());
    expect(checked.filter(([, faults]) => faults !== null && faults.length > 0)).toEqual([]);
  });

  it('finds a misspelled field', () => {
    const [[, objects]] = manifests;
    const [api] = component(objects, 'api');
    const wrong = structuredClone(api);
    wrong.spec.template.spec.containers[0].livenesProbe = {};
    expect(faultsOf(wrong)).not.toEqual([]);
  });
});

describeWith('custom', 'the schemas of KEDA and of the Prometheus operator', () => {
  const MODULES = {
    ScaledObject: '@kubernetes-models/keda/keda.sh/v1alpha1/ScaledObject.js',
    ServiceMonitor: '@kubernetes-models/prometheus-operator/monitoring.coreos.com/v1/ServiceMonitor.js',
    PodMonitor: '@kubernetes-models/prometheus-operator/monitoring.coreos.com/v1/PodMonitor.js',
    PrometheusRule: '@kubernetes-models/prometheus-operator/monitoring.coreos.com/v1/PrometheusRule.js',
  };
  const validate = (object) => {
    const file = join(tools.custom, 'node_modules', MODULES[object.kind]);
    const program = `const { ${object.kind}: Model } = await import(process.argv[1]); new Model(JSON.parse(process.argv[2])).validate();`;
    execFileSync(
      process.execPath,
      ['--input-type=module', '-e', program, pathToFileURL(file).href, JSON.stringify(object)],
      { stdio: 'pipe' },
    );
  };
  const custom = manifests.flatMap(([name, objects]) =>
    objects
      .filter(({ kind }) => kind in MODULES)
      .map((object) => [`${name}: ${object.kind} ${object.metadata.name}`, object]),
  );

  it.each(custom)('%s', (_title, object) => validate(object));

  it('finds a fault', () => {
    const [, wrong] = structuredClone(custom.find(([, { kind }]) => kind === 'ScaledObject'));
    delete wrong.spec.scaleTargetRef.name;
    expect(() => validate(wrong)).toThrow(/required property name/);
  });
});

describeWith('kubectl', 'kustomize', () => {
  it.each(environments())('builds $name in its namespace', ({ name, folder }) => {
    const objects = parse(execFileSync(tools.kubectl, ['kustomize', folder], { encoding: 'utf8' }));
    const namespace = objects.find(({ kind }) => kind === 'Namespace');
    expect(namespace.metadata.labels['pod-security.kubernetes.io/enforce']).toBe('restricted');
    const isOurs = ({ metadata }) => metadata.labels?.grafana_dashboard !== undefined;
    const dashboards = objects.filter(isOurs).flatMap(({ data }) => Object.keys(data));
    expect(dashboards).toEqual(name === 'dev' ? [] : readdirSync(join(root, 'k8s/monitoring/grafana/dashboards')));
    const others = objects.filter((object) => object !== namespace && !isOurs(object));
    expect(new Set(others.map(({ metadata }) => metadata.namespace))).toEqual(new Set([namespace.metadata.name]));
    expect(others).toHaveLength(manifests.find(([of]) => of === name)[1].length);
  });
});

describeWith('helm', 'the chart', () => {
  it('has no faults that helm lint finds', () => {
    execFileSync(tools.helm, ['lint', '--strict', chart, '--kube-version', '1.34.0'], { stdio: 'pipe' });
  });

  it.each(environments())('is what the manifests of $name were written from (pnpm k8s:render)', (environment) => {
    expect(readFileSync(environment.file, 'utf8')).toBe(renderEnvironment(tools.helm, environment));
  });

  it.each([
    ['a misspelled value', 'api.replica=3', /replica/],
    ['a pool with a role that there is not', 'workers.cpu.roles={decode}', /roles/],
    ['an external Redis without an address', 'redis.mode=external', /url/],
    ['a profile that is not named', 'seccompProfile.type=Localhost', /seccompProfile/],
    ['memory without a unit', 'redis.maxmemory=lots', /maxmemory/],
  ])('refuses %s', (_what, set, message) => {
    expect(() => render(tools.helm, { set: [set] })).toThrow(message);
  });

  const rendered = (...set) => parse(render(tools.helm, { set }));

  it.each([
    ['s3', 'S3_BUCKET', 'S3_SECRET_ACCESS_KEY'],
    ['azure', 'AZURE_CONTAINER', 'AZURE_ACCOUNT_KEY'],
  ])('with %s needs no shared volume for recordings, and keeps the audit log in Redis', (kind, place, secret) => {
    const objects = rendered(`storage.kind=${kind}`, `settings.${place}=recordings`);
    expect(envOf(podOf(component(objects, 'api')[0]).containers[0])[secret].valueFrom.secretKeyRef.optional).toBe(true);
    const [api] = component(objects, 'api');
    expect(podOf(api).volumes).toContainEqual({ name: 'data', emptyDir: { sizeLimit: '20Gi' } });
    expect(envOf(podOf(api).containers[0]).AUDIT_LOG_FILE.value).toBe('none');
    expect(objects.filter(({ kind }) => kind === 'PersistentVolumeClaim').map(({ metadata }) => metadata.name)).toEqual(
      ['sotto-models'],
    );
  });

  it('takes a profile of system calls that lies on the nodes', () => {
    const objects = rendered('seccompProfile.type=Localhost', 'seccompProfile.localhostProfile=sotto.json');
    for (const workload of workloads(objects)) {
      const { seccompProfile } = podOf(workload).securityContext;
      expect(seccompProfile).toEqual({ type: 'Localhost', localhostProfile: 'sotto.json' });
    }
  });

  it('has a PostgreSQL that only the API reaches, one of yours, or none', () => {
    const urlIn = (objects) => envOf(podOf(component(objects, 'api')[0]).containers[0]).DATABASE_URL;
    const own = rendered();
    const policy = own.find(({ kind, metadata }) => kind === 'NetworkPolicy' && metadata.name === 'sotto-postgres');
    expect(component(own, 'postgres')).toHaveLength(1);
    expect(policy.spec.ingress[0].from[0].podSelector.matchLabels['app.kubernetes.io/component']).toBe('api');
    expect(urlIn(own).value).toBe('postgres://sotto:$(POSTGRES_PASSWORD)@sotto-postgres:5432/sotto');
    expect(component(rendered('postgres.mode=external'), 'postgres')).toEqual([]);
    expect(urlIn(rendered('postgres.mode=external')).valueFrom.secretKeyRef.key).toBe('DATABASE_URL');
    expect(urlIn(rendered('postgres.mode=none'))).toBeUndefined();
  });

  it('serves the page from pods of its own when it is told to, and can lead to those of another release', () => {
    const pathsOf = (objects) =>
      objects
        .find(({ kind }) => kind === 'Ingress')
        .spec.rules[0].http.paths.map(({ path, backend }) => `${path} ${backend.service.name}`);
    expect(component(rendered(), 'web')).toEqual([]);
    expect(pathsOf(rendered())).toEqual(['/ sotto-api']);
    const apart = rendered('web.enabled=true', 'web.replicas=3');
    expect(component(apart, 'web').map(({ spec }) => spec.replicas)).toEqual([3]);
    expect(pathsOf(apart)).toEqual(['/app sotto-web', '/ sotto-api']);
    const other = ['ingress.service=next-sotto-api', 'ingress.webService=next-sotto-web'];
    expect(pathsOf(rendered('web.enabled=true', ...other))).toEqual(['/app next-sotto-web', '/ next-sotto-api']);
    expect(pathsOf(rendered(...other))).toEqual(['/ next-sotto-api']);
  });

  it('leaves Redis out where there is one already', () => {
    const objects = rendered('redis.mode=external', 'redis.url=rediss://cache:6379');
    expect(component(objects, 'redis')).toEqual([]);
    expect(objects.some(({ metadata }) => metadata.name === 'sotto-redis')).toBe(false);
    expect(envOf(podOf(component(objects, 'api')[0]).containers[0]).REDIS_URL.value).toBe('rediss://cache:6379');
  });

  it('can be told that a service is open, and then says so', () => {
    const settings = envOf(podOf(component(rendered('keys=false'), 'api')[0]).containers[0]);
    expect([settings.ENABLE_API_KEY.value, settings.API_KEY]).toEqual(['false', undefined]);
  });

  it('takes dashboards and rules from monitoring/', () => {
    const kinds = rendered('monitoring.enabled=true').map(({ kind, metadata }) => `${kind} ${metadata.name}`);
    expect(kinds).toEqual(expect.arrayContaining(['ServiceMonitor sotto-api', 'PodMonitor sotto-workers']));
    const rules = rendered('monitoring.enabled=true').find(({ kind }) => kind === 'PrometheusRule');
    expect(rules.spec).toEqual(parse(readFileSync(join(root, 'k8s/monitoring/prometheus/sotto.rules.yml'), 'utf8'))[0]);
    for (const file of readdirSync(join(root, 'k8s/monitoring/grafana/dashboards'))) {
      const map = rendered().find(({ metadata }) => metadata.name === `sotto-dashboard-${file.replace('.json', '')}`);
      expect(JSON.parse(map.data[file]).uid).toMatch(/^sotto-/);
    }
  });
});
