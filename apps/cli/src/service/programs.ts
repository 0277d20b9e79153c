import { mkdir } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { wireReadySchema } from '@sotto/contracts';
import { appArguments } from '../home.ts';
import type { Program } from '../processes/program.ts';
import { redisServer } from '../processes/redis-server.ts';

const REDIS_GRACE_MS = 15_000;
const API_GRACE_MS = 30_000;
const WORKER_GRACE_MS = 60_000;
/** A library that cannot be opened keeps nobody from transcribing; one that can is open by then. */
const LIBRARY_PATIENCE_MS = 20_000;

/** Redis as a queue needs it: every write in a file within a second, nothing ever thrown out. */
export async function redisProgram(folder: string, port: number): Promise<Program> {
  await mkdir(folder, { recursive: true });
  const settings = {
    port: String(port),
    bind: '127.0.0.1',
    loglevel: 'warning',
    appendonly: 'yes',
    appendfsync: 'everysec',
    'maxmemory-policy': 'noeviction',
  };
  return redisServer(folder, settings, {
    isReady: () => answersPing(port),
    graceMs: REDIS_GRACE_MS,
    isChatty: true,
  });
}

export function apiProgram(cwd: string, url: string, env: NodeJS.ProcessEnv): Program {
  let answeringSinceMs: number | null = null;
  const isComplete = async (): Promise<boolean> => {
    const ready = await readiness(url);
    if (ready === null) return false;
    answeringSinceMs ??= performance.now();
    return ready.checks.library !== false || performance.now() - answeringSinceMs > LIBRARY_PATIENCE_MS;
  };
  return {
    name: 'api',
    command: process.execPath,
    args: appArguments('api'),
    env,
    cwd,
    isReady: isComplete,
    graceMs: API_GRACE_MS,
  };
}

/** `healthPort`: where its own health server listens. */
export function workerProgram(name: string, cwd: string, healthPort: number, env: NodeJS.ProcessEnv): Program {
  return {
    name,
    command: process.execPath,
    args: appArguments('worker'),
    env: { ...env, METRICS_PORT: String(healthPort) },
    cwd,
    isReady: () => isReady(`http://127.0.0.1:${healthPort}`),
    graceMs: WORKER_GRACE_MS,
  };
}

export const redisFolder = (dataFolder: string): string => join(dataFolder, 'redis');

const health = (url: string) => fetch(`${url}/health/ready`, { signal: AbortSignal.timeout(5_000) });

async function isReady(url: string): Promise<boolean> {
  const answer = await health(url);
  await answer.body?.cancel();
  return answer.status === 200;
}

/** null: it is not ready. */
async function readiness(url: string) {
  const answer = await health(url);
  const body = await answer.json();
  return answer.status === 200 ? wireReadySchema.parse(body) : null;
}

/** `+PONG` means that it has read its append-only file; before that it says `-LOADING`. */
function answersPing(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => socket.write('PING\r\n'));
    socket.setEncoding('utf8');
    socket.once('data', (text) => {
      resolve(String(text).startsWith('+PONG'));
      socket.destroy();
    });
    socket.once('error', () => resolve(false));
    socket.once('close', () => resolve(false));
  });
}
