import { types } from 'node:util';
import { SottoError } from '@sotto/contracts';
import { type ChainableCommander, Redis, type RedisOptions } from 'ioredis';
import { RedisWithDeadline } from './redis-with-deadline.ts';

/** A client that waits for an answer must learn within a second that there is none. */
const API_DEADLINE_MS = 800;
const MAX_RECONNECT_DELAY_MS = 2000;
const RETRY_AFTER_SECONDS = 5;

const OPTIONS = {
  /**
   * Fails at once while Redis is disconnected: no command waits for it to come back, and none that was under way is
   * sent a second time.
   */
  api: {
    enableOfflineQueue: false,
    autoResendUnfulfilledCommands: false,
    maxRetriesPerRequest: 1,
  },
  /** Waits for Redis as long as it takes: an outage must not lose the result of a window. */
  worker: { enableOfflineQueue: true, maxRetriesPerRequest: null },
} as const satisfies Record<'api' | 'worker', RedisOptions>;

/**
 * Connects in the background. Errors of the connection go to `onError`; commands fail (api) or wait (worker).
 * BullMQ's own backoff of up to 20 s would leave a worker idle long after Redis is back.
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

/** ioredis's message for a command that it has not sent. */
const NOT_SENT = /Stream isn't writeable/;

const CONNECTION_FAULTS =
  /Connection is closed|Stream isn't writeable|Command timed out|max retries per request|ECONN|EPIPE|ENOTFOUND|EAI_AGAIN|ETIMEDOUT|EHOSTUNREACH|^(LOADING|READONLY|OOM|MISCONF|MASTERDOWN|CLUSTERDOWN|TRYAGAIN|NOREPLICAS)\b/;

export function isConnectionFault(error: unknown): boolean {
  // Not instanceof: an error of a socket may come from another realm.
  if (!types.isNativeError(error)) return false;
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  return CONNECTION_FAULTS.test(error.message) || CONNECTION_FAULTS.test(code);
}

/** How long to wait for QUIT when Redis is connected but does not answer. */
const QUIT_MS = 1000;

/** Closes in an orderly way while Redis is connected, and at once when it is not. */
export async function disconnect(redis: Redis): Promise<void> {
  if (redis.status !== 'ready') return redis.disconnect();
  let timer: NodeJS.Timeout | undefined;
  const timedOut = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, QUIT_MS);
  });
  // An error means that the connection is closed already.
  await Promise.race([redis.quit().catch(() => {}), timedOut]);
  clearTimeout(timer);
  redis.disconnect();
}

function unavailable(cause: unknown): SottoError {
  return new SottoError('queue_unavailable', 'The queue is not responding.', {
    cause,
    retryAfterSeconds: RETRY_AFTER_SECONDS,
  });
}

/** false: Redis may have executed the command, and only its answer is missing. */
export function wasNeverSent(error: unknown): boolean {
  return error instanceof SottoError && error.cause instanceof Error && NOT_SENT.test(error.cause.message);
}

/** For calls that would wait for Redis instead of failing, such as BullMQ's first use of a connection. */
export function mustBeConnected(redis: Redis): void {
  if (redis.status !== 'ready') throw unavailable(new Error(`Stream isn't writeable: ${redis.status}`));
}

/**
 * Turns errors that mean "Redis cannot be reached, or cannot write" into `queue_unavailable`; others pass unchanged.
 */
export async function reach<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (!isConnectionFault(error)) throw error;
    throw unavailable(error);
  }
}

/** Replies of a pipeline, in order; throws the first error of any command. */
export async function replies(pipeline: ChainableCommander): Promise<unknown[]> {
  const results = (await reach(pipeline.exec())) ?? [];
  const failed = results.find(([error]) => error !== null);
  if (failed !== undefined) await reach(Promise.reject(failed[0]));
  return results.map(([, reply]) => reply);
}
