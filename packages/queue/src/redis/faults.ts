import { types } from 'node:util';
import { SottoError } from '@sotto/contracts';
import type { ChainableCommander, Redis } from 'ioredis';

const RETRY_AFTER_SECONDS = 5;

/** ioredis's messages for a command that it has not sent. */
const NOT_SENT = /Stream isn't writeable|Cluster isn't ready/;

/** What ioredis and BullMQ say, and codes of sockets. */
const CONNECTION =
  /Connection is closed|Command aborted due to connection close|Stream isn't writeable|Command timed out|Socket timeout|max retries per request|All sentinels are unreachable|Cluster isn't ready|Failed to refresh slots cache|None of startup nodes|Too many Cluster redirections|cluster reconnect timed out|ECONN|EPIPE|ENOTFOUND|EAI_AGAIN|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH/;

/**
 * Redis answers, but cannot do its work now: it loads, is out of memory or disk, is a replica, has handed the slot on,
 * runs a script that does not end, or does not accept the password. Redis 6 puts the error of a command in a script
 * behind the line of the script.
 */
const REPLY =
  /(?:^|@user_script: ?\d+: -?)(?:LOADING|BUSY|OOM|MISCONF|READONLY|MASTERDOWN|NOREPLICAS|CLUSTERDOWN|TRYAGAIN|MOVED|ASK|NOAUTH|WRONGPASS|NOPERM)\b/;

/** A cause of a cause, and no further: errors may go in circles. */
const MAX_DEPTH = 5;

/**
 * Whether an error means that Redis cannot be reached, or cannot do its work at the moment, whatever was asked of it.
 * Nothing is wrong with the job or the request, so trying again later helps, and it must not count as an attempt. True
 * for `queue_unavailable` too, and for errors whose cause is such a fault.
 */
export function isRedisFault(error: unknown, depth = MAX_DEPTH): boolean {
  // Not instanceof: an error of a socket may come from another realm.
  if (depth === 0 || !types.isNativeError(error)) return false;
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  if (code === 'queue_unavailable' || CONNECTION.test(code)) return true;
  if (CONNECTION.test(error.message) || REPLY.test(error.message)) return true;
  // A transaction is discarded because of one of its commands (EXECABORT).
  const previous = 'previousErrors' in error && Array.isArray(error.previousErrors) ? error.previousErrors : [];
  return [error.cause, ...previous].some((reason) => isRedisFault(reason, depth - 1));
}

export function queueUnavailable(cause: unknown): SottoError {
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
  if (redis.status !== 'ready') throw queueUnavailable(new Error(`Stream isn't writeable: ${redis.status}`));
}

/** Turns errors that mean "Redis cannot do it now" (isRedisFault) into `queue_unavailable`; others pass unchanged. */
export async function reach<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof SottoError || !isRedisFault(error)) throw error;
    throw queueUnavailable(error);
  }
}

/** Replies of a pipeline, in order; throws the first error of any command. */
export async function replies(pipeline: ChainableCommander): Promise<unknown[]> {
  const results = (await reach(pipeline.exec())) ?? [];
  const failed = results.find(([error]) => error !== null);
  if (failed !== undefined) await reach(Promise.reject(failed[0]));
  return results.map(([, reply]) => reply);
}
