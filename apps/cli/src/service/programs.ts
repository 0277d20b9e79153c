import { mkdir } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { appArguments } from '../home.ts';
import type { Program } from '../processes/program.ts';
import { redisServer } from '../processes/redis-server.ts';

const REDIS_GRACE_MS = 15_000;
const API_GRACE_MS = 30_000;
const WORKER_GRACE_MS = 60_000;

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
  return {
    name: 'api',
    command: process.execPath,
    args: appArguments('api'),
    env,
    cwd,
    isReady: () => isReady(url),
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

async function isReady(url: string): Promise<boolean> {
  const answer = await fetch(`${url}/health/ready`, { signal: AbortSignal.timeout(5_000) });
  await answer.body?.cancel();
  return answer.status === 200;
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
