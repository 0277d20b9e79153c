import type { Redis, RedisOptions } from 'ioredis';
import { openCluster } from './cluster.ts';
import { type Deadlines, WatchedRedis } from './watched-redis.ts';

const MAX_RECONNECT_DELAY_MS = 2000;

type Purpose = 'api' | 'worker';

interface Host {
  host: string;
  port: number;
}

/** Where Redis is: the address of a server (`redis://` or, with TLS, `rediss://`), or more. */
export type RedisAddress =
  | string
  | {
      /** User and password, database, TLS; and the server, unless one of the others says where it is. */
      url: string;
      /** They know which server is the master now. */
      sentinels?: { hosts: readonly Host[]; master: string; password: string | undefined };
      /** Some nodes of a cluster. The prefix of all keys has a hash tag, so that they lie on one node. */
      clusterNodes?: readonly Host[];
    };

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

const retryStrategy = (times: number): number => Math.min(times * 200, MAX_RECONNECT_DELAY_MS);

/**
 * Connects in the background. Errors of the connection go to `onError`; commands fail (api) or wait (worker).
 * BullMQ's own backoff of up to 20 s would leave a worker idle long after Redis is back.
 */
export function connectRedis(
  address: RedisAddress,
  purpose: Purpose,
  onError: (error: Error) => void = () => {},
): Redis {
  const { url, sentinels, clusterNodes } = typeof address === 'string' ? { url: address } : address;
  const options = { ...OPTIONS[purpose], retryStrategy };
  if (clusterNodes !== undefined) {
    const cluster = openCluster(url, clusterNodes, options, purpose === 'api' ? DEADLINES.api.answerMs : null);
    cluster.on('error', onError);
    cluster.on('node error', onError);
    // What this package uses of a connection, servers and clusters have in common; their types do not say so.
    return cluster as unknown as Redis;
  }
  const redis = new WatchedRedis(DEADLINES[purpose], { ...options, ...sentinelOptions(url, sentinels) }, url);
  redis.on('error', onError);
  return redis;
}

/** A Sentinel that does not answer is passed over after this. */
const SENTINEL_ANSWER_MS = 2000;

function sentinelOptions(url: string, sentinels: Exclude<RedisAddress, string>['sentinels']): RedisOptions {
  if (sentinels === undefined) return {};
  const { hosts, master, password } = sentinels;
  return {
    sentinels: [...hosts],
    name: master,
    ...(password !== undefined && { sentinelPassword: password }),
    sentinelCommandTimeout: SENTINEL_ANSWER_MS,
    sentinelRetryStrategy: retryStrategy,
    ...(url.startsWith('rediss:') && { enableTLSForSentinelMode: true, tls: {}, sentinelTLS: {} }),
  };
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
