import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Registry } from 'prom-client';

export type HealthCheck = () => boolean | Promise<boolean>;

export interface HealthServerOptions {
  /** 0: any free port. */
  port: number;
  host: string;
  registry: Registry;
  /** By name; unless all are healthy, /health/ready answers 503. */
  checks: Record<string, HealthCheck>;
  /** By name; when one fails, /health/live answers 503, and whoever runs the process starts it again. Default: none. */
  vitals?: Record<string, HealthCheck>;
  /** A check that has not answered by then has failed. */
  checkTimeoutMs?: number;
}

export interface HealthServer {
  port: number;
  /** `http://host:port/metrics` */
  metricsUrl: string;
  close(): Promise<void>;
}

interface Answer {
  status: number;
  contentType: string;
  body: string;
}

const CHECK_TIMEOUT_MS = 2_000;

/** `/health/live`, `/health/ready` and `/metrics` for a process that serves nothing else over HTTP. */
export async function startHealthServer(options: HealthServerOptions): Promise<HealthServer> {
  const server = createServer((request, response) => {
    answer(request, options)
      .catch((error: unknown) => json(500, { status: 'error', message: String(error) }))
      .then((result) => send(response, request.method === 'HEAD', result));
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port, options.host, resolve);
  });
  const { port } = server.address() as AddressInfo;
  const host = options.host.includes(':') ? `[${options.host}]` : options.host;
  return { port, metricsUrl: `http://${host}:${port}/metrics`, close: () => closeServer(server) };
}

async function answer(request: IncomingMessage, options: HealthServerOptions): Promise<Answer> {
  if (request.method !== 'GET' && request.method !== 'HEAD') return json(405, { status: 'method not allowed' });
  const path = (request.url ?? '/').split('?')[0];
  if (path === '/health/live') return liveness(options);
  if (path === '/health/ready' || path === '/health') return readiness(options);
  if (path === '/metrics') {
    const { registry } = options;
    return { status: 200, contentType: registry.contentType, body: await registry.metrics() };
  }
  return json(404, { status: 'not found' });
}

async function liveness({ vitals = {}, checkTimeoutMs = CHECK_TIMEOUT_MS }: HealthServerOptions): Promise<Answer> {
  const checks = await runChecks(vitals, checkTimeoutMs);
  const isAlive = Object.values(checks).every(Boolean);
  return json(isAlive ? 200 : 503, { status: isAlive ? 'alive' : 'dead', checks });
}

async function readiness(options: HealthServerOptions): Promise<Answer> {
  const checks = await runChecks(options.checks, options.checkTimeoutMs ?? CHECK_TIMEOUT_MS);
  const isReady = Object.values(checks).every(Boolean);
  return json(isReady ? 200 : 503, { status: isReady ? 'ready' : 'not_ready', checks });
}

/** All checks at once; one that throws or exceeds the timeout is false. */
export async function runChecks(
  checks: Record<string, HealthCheck>,
  timeoutMs: number,
): Promise<Record<string, boolean>> {
  const results = await Promise.all(
    Object.entries(checks).map(async ([name, check]) => [name, await inTime(check, timeoutMs)] as const),
  );
  return Object.fromEntries(results);
}

async function inTime(check: HealthCheck, timeoutMs: number): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<boolean>((resolve) => {
    timer = setTimeout(resolve, timeoutMs, false);
  });
  try {
    return await Promise.race([Promise.resolve().then(check), late]);
  } catch {
    return false;
  } finally {
    clearTimeout(timer);
  }
}

function json(status: number, body: unknown): Answer {
  return { status, contentType: 'application/json; charset=utf-8', body: JSON.stringify(body) };
}

function send(response: ServerResponse, headOnly: boolean, { status, contentType, body }: Answer): void {
  response.writeHead(status, {
    'content-type': contentType,
    'content-length': Buffer.byteLength(body),
    'cache-control': 'no-store',
  });
  response.end(headOnly ? undefined : body);
}

function closeServer(server: ReturnType<typeof createServer>): Promise<void> {
  return new Promise((resolve, reject) => {
    server.close((error) => (error ? reject(error) : resolve()));
    server.closeAllConnections();
  });
}
