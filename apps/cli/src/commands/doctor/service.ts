import { connect } from 'node:net';
import { wireHealthSchema } from '@sotto/contracts';
import { redisHostsOf } from '@sotto/runtime';
import { freePort } from '../../processes/free-port.ts';
import { findService } from '../../service/presence.ts';
import type { Settings } from '../../settings.ts';
import { type Check, ok, problem, warning } from './check.ts';

const TIMEOUT_MS = 2_000;
const REDIS_HINT = 'start it, or unset REDIS_URL: then one is started with the service';

export async function checkRedis({ redisUrl }: Settings): Promise<Check[]> {
  if (redisUrl === null) return [ok('redis', 'one of its own is started with the service')];
  return Promise.all(
    redisHostsOf(redisUrl).map(async ({ host, port }) => {
      // Its address may hold a password: host and port only.
      const where = `${host}:${port}`;
      const isThere = await answers(host, port);
      return isThere ? ok('redis', `answers at ${where}`) : problem('redis', `nothing answers at ${where}`, REDIS_HINT);
    }),
  );
}

export async function checkPort(settings: Settings): Promise<Check[]> {
  if ((await findService(settings.dataFolder)) !== null) return [];
  const isFree = (await freePort(settings.host, settings.port)) !== null;
  const where = `${settings.host}:${settings.port}`;
  return [
    isFree
      ? ok('port', `${where} is free`)
      : problem('port', `${where} is in use by another program`, `PORT=${settings.port + 1} npm start`),
  ];
}

export async function checkService(settings: Settings): Promise<Check[]> {
  const running = await findService(settings.dataFolder);
  if (running === null) return [ok('service', 'not running')];
  try {
    const answer = await fetch(`${running.url}/health`, { signal: AbortSignal.timeout(TIMEOUT_MS) });
    const { status, workers, model, warnings } = wireHealthSchema.parse(await answer.json());
    const detail = `${status} at ${running.url}, workers: ${workers}, model: ${model ?? 'none'}`;
    return [
      status === 'healthy'
        ? ok('service', detail)
        : warning('service', detail, warnings.join('; ') || 'its log says why'),
    ];
  } catch (error) {
    const what = `is running at ${running.url}, but does not answer: ${String(error)}`;
    return [problem('service', what, `kill ${running.pid}, then start it again`)];
  }
}

function answers(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, host, () => resolve(true));
    socket.setTimeout(TIMEOUT_MS, () => socket.destroy());
    socket.once('connect', () => socket.destroy());
    socket.once('error', () => resolve(false));
    socket.once('close', () => resolve(false));
  });
}
