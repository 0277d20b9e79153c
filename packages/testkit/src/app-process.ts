import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { pathToFileURL } from 'node:url';
import { recordedAnswers } from './answers.ts';
import { Child } from './child.ts';
import { REPOSITORY } from './folders.ts';
import { freePort } from './ports.ts';
import { waitFor } from './wait-for.ts';

export type AppName = 'api' | 'worker' | 'cli' | 'web-server';

export interface AppOptions {
  /** Added to the environment, which is otherwise empty of everything that configures Sotto. */
  env: Record<string, string>;
  /** Working directory, where `.env` would be read. */
  folder: string;
  /** What it reads from standard input. */
  input?: Readable | undefined;
  /** Another checkout, whose built app is run (previousBuild). Its answers are not held against a document. */
  build?: string | undefined;
}

export interface ApiProcess {
  url: string;
  process: Child;
}

export interface WorkerProcess {
  /** Of its health server: /health/ready, /metrics. */
  url: string;
  process: Child;
}

/** tsx compiles at start, on a machine that may be busy. */
const READY_TIMEOUT_MS = 60_000;

/** Node's arguments that run an app: from source through tsx, or as built when SOTTO_TEST_DIST=1 or `build` is another. */
export function appArguments(app: AppName, build?: string): string[] {
  if (build !== undefined || process.env.SOTTO_TEST_DIST === '1') {
    const built = join(build ?? REPOSITORY, 'apps', app, 'dist/main.js');
    if (!existsSync(built)) throw new Error(`${built} is not built.`);
    return ['--enable-source-maps', built];
  }
  const tsx = pathToFileURL(join(REPOSITORY, 'node_modules/tsx/dist/loader.mjs')).href;
  return ['--import', tsx, '--conditions=@sotto/source', join(REPOSITORY, 'apps', app, 'src/main.ts')];
}

/** Starts the API on a free port; resolves when /health/ready says 200 (without a worker it is ready and degraded). */
export async function startApi({ env, folder, build }: AppOptions): Promise<ApiProcess> {
  const port = Number(env.PORT ?? (await freePort()));
  const process = await startApp('api', { env: { HOST: '127.0.0.1', ...env, PORT: String(port) }, folder, build });
  const url = `http://127.0.0.1:${port}`;
  await ready(process, url);
  // The answers of this process are held against its document: let it be among them.
  await (await fetch(`${url}/openapi.json`)).body?.cancel();
  return { url, process };
}

/** Starts a worker; resolves when it takes jobs and, with role transcribe, has its model loaded. */
export async function startWorker(
  { env, folder, build }: AppOptions,
  roles = ['prepare', 'transcribe'],
): Promise<WorkerProcess> {
  const port = Number(env.METRICS_PORT ?? (await freePort()));
  const process = await startApp('worker', {
    env: { SOTTO_ROLES: roles.join(','), ...env, METRICS_PORT: String(port) },
    folder,
    build,
  });
  const url = `http://127.0.0.1:${port}`;
  await ready(process, url);
  return { url, process };
}

/** Starts an app without waiting for anything. */
export function startApp(app: AppName, { env, folder, input, build }: AppOptions, args: string[] = []): Promise<Child> {
  const recorded = app === 'api' && build === undefined ? recordedAnswers() : { args: [], env: {} };
  return Child.start({
    name: build === undefined ? app : `${app} of another build`,
    command: process.execPath,
    args: [...recorded.args, ...appArguments(app, build), ...args],
    env: { NODE_ENV: 'test', ...env, ...recorded.env },
    cwd: folder,
    input,
  });
}

async function ready(process: Child, url: string): Promise<void> {
  try {
    await waitFor(() => endedOrReady(process, url), {
      what: `${process.name} to be ready at ${url}`,
      timeoutMs: READY_TIMEOUT_MS,
      intervalMs: 50,
    });
  } catch (error) {
    await process.kill9();
    throw new Error(`${process.name} did not become ready.\n${process.tail()}`, { cause: error });
  }
  if (process.exit !== null) throw new Error(`${process.name} ended before it was ready.\n${process.tail()}`);
}

async function endedOrReady(process: Child, url: string): Promise<boolean> {
  if (process.exit !== null) return true;
  const answer = await fetch(`${url}/health/ready`);
  await answer.body?.cancel();
  return answer.status === 200;
}
