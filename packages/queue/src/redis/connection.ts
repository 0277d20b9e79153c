import type { Redis, RedisOptions } from 'ioredis';
import { type Deadlines, WatchedRedis } from './watched-redis.ts';

const MAX_RECONNECT_DELAY_MS = 2000;

type Purpose = 'api' | 'worker';

const DEADLINES: Record<Purpose, Deadlines> = {
  /** A client that waits for an answer must learn within a second that there is none. */
  api: { answerMs: 800, rejects: true },
  /** Jobs run for minutes, and a server that forks or writes to a slow disk may stop for seconds. */
  worker: { answerMs: 5000, rejects: false },
};

const OPTIONS: Record<Purpose, RedisOptions> = {
  /**
   * Fails at once while Redis is disconnected: no command waits for it to come back, and none that was under way is
   * sent a second time.
   */
  api: {
    enableOfflineQueue: false,
    autoResendUnfulfilledCommands: false,
    maxRetriesPerRequest: 1,
    reconnectOnError: (error) => (isReplica(error) ? 1 : false),
  },
  /**
   * Waits for Redis as long as it takes: an outage must not lose the result of a window. What a replica refused is sent
   * again.
   */
  worker: {
    enableOfflineQueue: true,
    maxRetriesPerRequest: null,
    reconnectOnError: (error) => (isReplica(error) ? 2 : false),
  },
};

/** The server was the master when we connected. Whoever is now is found by connecting anew. */
function isReplica(error: Error): boolean {
  return /^(READONLY|MASTERDOWN)\b/.test(error.message);
}

/**
 * Connects in the background. Errors of the connection go to `onError`; commands fail (api) or wait (worker).
 * BullMQ's own backoff of up to 20 s would leave a worker idle long after Redis is back.
 */
export function connectRedis(url: string, purpose: Purpose, onError: (error: Error) => void = () => {}): Redis {
  const redis = new WatchedRedis(
    DEADLINES[purpose],
    {
      ...OPTIONS[purpose],
      retryStrategy: (times: number) => Math.min(times * 200, MAX_RECONNECT_DELAY_MS),
    },
    url,
  );
  redis.on('error', onError);
  return redis;
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
