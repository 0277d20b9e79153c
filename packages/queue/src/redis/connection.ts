import { types } from 'node:util';
import { SottoError } from '@sotto/contracts';
import { type ChainableCommander, Redis, type RedisOptions } from 'ioredis';
import { RedisWithDeadline } from './redis-with-deadline.ts';

/** A caller that waits for an answer must hear within a second that there is none. */
const API_DEADLINE_MS = 800;
const MAX_RECONNECT_DELAY_MS = 2000;
const RETRY_AFTER_SECONDS = 5;

const OPTIONS = {
  /**
   * Fails at once while Redis is away: nothing waits in this process for it to come back, and what was under way when
   * it left is not sent a second time.
   */
  api: {
    enableOfflineQueue: false,
    autoResendUnfulfilledCommands: false,
    maxRetriesPerRequest: 1,
  },
  /** Waits for Redis for as long as it takes: a window's result must not be lost to an outage. */
  worker: { enableOfflineQueue: true, maxRetriesPerRequest: null },
} as const satisfies Record<'api' | 'worker', RedisOptions>;

/**
 * Connects in the background. Errors of the connection go to `onError`; commands fail (api) or wait (worker).
 * BullMQ's own back-off of up to 20 s would leave a worker idle long after Redis is back.
 */
export function connectRedis(
  url: string,
  purpose: 'api' | 'worker',
  onError: (error: Error) => void = () => {},
): Redis {
  const options = {
    ...OPTIONS[purpose],
    retryStrategy: (times: number) => Math.min(times * 200, MAX_RECONNECT_DELAY_MS),
  };
  const redis = purpose === 'api' ? new RedisWithDeadline(url, API_DEADLINE_MS, options) : new Redis(url, options);
  redis.on('error', onError);
  return redis;
}

/** ioredis's words for a command it has not even sent. */
const NOT_SENT = /Stream isn't writeable/;

const CONNECTION_FAULTS =
  /Connection is closed|Stream isn't writeable|Command timed out|max retries per request|ECONN|EPIPE|ENOTFOUND|EAI_AGAIN|ETIMEDOUT|EHOSTUNREACH|^(LOADING|READONLY|OOM|MISCONF|MASTERDOWN|CLUSTERDOWN|TRYAGAIN|NOREPLICAS)\b/;

export function isConnectionFault(error: unknown): boolean {
  // Not instanceof: an error of a socket may come from another realm.
  if (!types.isNativeError(error)) return false;
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  return CONNECTION_FAULTS.test(error.message) || CONNECTION_FAULTS.test(code);
}

/** Time a Redis that is connected and does not answer has for a farewell. */
const QUIT_MS = 1000;

/** Orderly while Redis is there, and without waiting for it when it is not. */
export async function disconnect(redis: Redis): Promise<void> {
  if (redis.status !== 'ready') return redis.disconnect();
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, QUIT_MS);
  });
  // Cut off meanwhile: that is what was wanted.
  await Promise.race([redis.quit().catch(() => {}), late]);
  clearTimeout(timer);
  redis.disconnect();
}

function unavailable(cause: unknown): SottoError {
  return new SottoError('queue_unavailable', 'The queue is not responding.', {
    cause,
    retryAfterSeconds: RETRY_AFTER_SECONDS,
  });
}

/** false: Redis may have done what it was asked for, only its answer is missing. */
export function wasNeverSent(error: unknown): boolean {
  return error instanceof SottoError && error.cause instanceof Error && NOT_SENT.test(error.cause.message);
}

/** For what would rather wait for Redis than fail, such as BullMQ's first use of a connection. */
export function mustBeConnected(redis: Redis): void {
  if (redis.status !== 'ready') throw unavailable(new Error(`Stream isn't writeable: ${redis.status}`));
}

/** Turns "Redis cannot be reached, or cannot write" into `queue_unavailable`; anything else passes as it is. */
export async function reach<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (!isConnectionFault(error)) throw error;
    throw unavailable(error);
  }
}

/** Replies of a pipeline, in order; the first error of any command is thrown. */
export async function replies(pipeline: ChainableCommander): Promise<unknown[]> {
  const results = (await reach(pipeline.exec())) ?? [];
  const failed = results.find(([error]) => error !== null);
  if (failed !== undefined) await reach(Promise.reject(failed[0]));
  return results.map(([, reply]) => reply);
}
