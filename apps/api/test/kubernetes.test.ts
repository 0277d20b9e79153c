import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { REPOSITORY, type Service, startApp, startService, temporaryFolder } from '@sotto/testkit';
import { parseAllDocuments } from 'yaml';
import { z } from 'zod';

/** Of a manifest, what says how a process is started. */
const variable = z.object({ name: z.string(), value: z.string().optional(), valueFrom: z.unknown().optional() });
const container = z.object({ name: z.string(), env: z.array(variable) });
const deployment = z.object({
  kind: z.literal('Deployment'),
  metadata: z.object({ name: z.string() }),
  spec: z.object({ template: z.object({ spec: z.object({ containers: z.array(container) }) }) }),
});
const settings = z.object({
  kind: z.literal('ConfigMap'),
  metadata: z.object({ name: z.literal('sotto-settings') }),
  data: z.record(z.string(), z.string()),
});
const scaled = z.object({
  kind: z.literal('ScaledObject'),
  spec: z.object({ triggers: z.array(z.object({ metadata: z.object({ query: z.string() }) })) }),
});

/** What the operator's secret and the kubelet would give. */
const GIVEN: Record<string, string> = {
  API_KEY: 'the first key',
  ADMIN_API_KEY: 'the key of operators',
  REDIS_PASSWORD: 'secret',
  POD_NAME: 'sotto-api-7d9f',
};
const ENVIRONMENTS = ['dev', 'staging', 'prod', 'gpu'];
/** Between them they have all that the others have. */
const STARTED = ['dev', 'gpu'];

type Manifests = Record<string, unknown[]>;

async function manifestsOf(environment: string): Promise<unknown[]> {
  const text = await readFile(join(REPOSITORY, 'k8s/overlays', environment, 'sotto.yaml'), 'utf8');
  return parseAllDocuments(text).map((document) => document.toJS() as unknown);
}

const ofShape = <T>(schema: z.ZodType<T>, objects: unknown[]): T[] =>
  objects.flatMap((object) => {
    const parsed = schema.safeParse(object);
    return parsed.success ? [parsed.data] : [];
  });

let folder: string;
let service: Service;
let manifests: Manifests;

beforeAll(async () => {
  folder = await temporaryFolder('kubernetes');
  service = await startService({ workers: 0, apiEnv: { ENABLE_PAGE: 'false' } });
  const read = ENVIRONMENTS.map(async (name) => [name, await manifestsOf(name)] as const);
  manifests = Object.fromEntries(await Promise.all(read));
});

afterAll(async () => {
  await service?.close();
  await rm(folder, { recursive: true, force: true });
});

const objectsOf = (environment: string): unknown[] => manifests[environment] ?? [];

/** Each container once: what it is, and its environment. */
function processesOf(environment: string): { app: 'api' | 'worker'; env: Record<string, string> }[] {
  const [shared] = ofShape(settings, objectsOf(environment));
  return ofShape(deployment, objectsOf(environment)).map(({ metadata, spec }) => {
    const entries = spec.template.spec.containers.flatMap(({ env }) => env);
    const own = entries.flatMap(({ name, value = GIVEN[name] }) => (value === undefined ? [] : [[name, value]]));
    return {
      app: metadata.name === 'sotto-api' ? 'api' : 'worker',
      env: { ...shared?.data, ...Object.fromEntries(own) },
    };
  });
}

describe.each(STARTED)('what k8s/overlays/%s gives its processes', (environment) => {
  it('is a configuration that they start with', async () => {
    const processes = processesOf(environment);
    expect(processes.map(({ app }) => app)).toEqual(expect.arrayContaining(['api', 'worker']));
    const starts = processes.map(async ({ app, env }) => {
      const process = await startApp(app, { env, folder }, ['--print-config']);
      expect({ app, ...(await process.ended), stderr: process.stderr }).toEqual({
        app,
        code: 0,
        signal: null,
        stderr: '',
      });
    });
    await Promise.all(starts);
  });
});

describe('a secret with a key, and nothing that turns keys on', () => {
  it('does not open the service to everyone: it refuses to start, and says why', async () => {
    const refused = await startApp('api', { env: { API_KEY: 'the first key', REDIS_URL: service.redis.url }, folder });
    expect(await refused.ended).toEqual({ code: 1, signal: null });
    expect(refused.stderr).toContain('ENABLE_API_KEY=true');
    expect(refused.output).not.toContain('the first key');
  });
});

describe('an API whose page is served by other pods', () => {
  it('has none, and sends browsers to where the ingress finds it', async () => {
    const get = (path: string) => fetch(service.url + path, { headers: { accept: 'text/html' }, redirect: 'manual' });
    const home = await get('/');
    expect([home.status, home.headers.get('location')]).toEqual([303, '/app/']);
    for (const path of ['/app', '/app/', '/app/library']) {
      const answer = await get(path);
      expect([answer.status, await answer.json()]).toMatchObject([404, { error: 'not_found' }]);
    }
  });
});

describe('what KEDA asks Prometheus for', () => {
  it('is exported by the API, with those labels', async () => {
    const queries = ENVIRONMENTS.flatMap((environment) => ofShape(scaled, objectsOf(environment)))
      .flatMap(({ spec }) => spec.triggers)
      .map(({ metadata }) => metadata.query)
      .join('\n');
    const exported = await (await fetch(`${service.url}/metrics`)).text();
    const names = new Set(queries.match(/sotto_\w+(?=\{)/g));
    expect(names.size).toBe(2);
    for (const name of names) expect(exported).toMatch(new RegExp(`^${name}[ {]`, 'm'));
    for (const [, label, values = ''] of queries.matchAll(/(queue|state)=~"([^"]+)"/g)) {
      for (const value of values.split('|'))
        expect(exported).toMatch(new RegExp(`^sotto_queue_jobs{.*${label}="${value}"`, 'm'));
    }
  });
});
