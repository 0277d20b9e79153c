import { Cluster, type ClusterNode, type ClusterOptions, type RedisOptions } from 'ioredis';
import { CommandDeadlines, TICK_MS } from './command-deadlines.ts';

/** A node that is silent for so long is dead. BullMQ's blocking commands take at most 10 s. */
const SILENT_NODE_MS = 15_000;

/** Until the cluster has chosen another master. */
const FAILOVER_RETRY_MS = 250;

/** @param answerMs a command fails when it has not been answered by then; null: it waits for as long as it takes. */
export function openCluster(
  url: string,
  nodes: readonly { host: string; port: number }[],
  { enableOfflineQueue, maxRetriesPerRequest, retryStrategy }: RedisOptions,
  answerMs: number | null,
): Cluster {
  const { username, password, protocol } = new URL(url);
  const isTls = protocol === 'rediss:';
  const options: ClusterSettings = {
    enableOfflineQueue,
    clusterRetryStrategy: retryStrategy ?? null,
    ...(answerMs === null && { maxRedirections: Number.POSITIVE_INFINITY }),
    retryDelayOnFailover: FAILOVER_RETRY_MS,
    retryDelayOnClusterDown: FAILOVER_RETRY_MS,
    // Certificates are for names, not for addresses.
    ...(isTls && { dnsLookup: (name: string, done: (error: null, address: string) => void) => done(null, name) }),
    redisOptions: {
      ...(maxRetriesPerRequest !== undefined && { maxRetriesPerRequest }),
      socketTimeout: SILENT_NODE_MS,
      ...(username !== '' && { username: decodeURIComponent(username) }),
      ...(password !== '' && { password: decodeURIComponent(password) }),
      ...(isTls && { tls: {} }),
    },
  };
  return answerMs === null ? new Cluster([...nodes], options) : new ImpatientCluster([...nodes], answerMs, options);
}

type ClusterSettings = Omit<ClusterOptions, 'redisOptions'> & {
  redisOptions: Omit<NonNullable<ClusterOptions['redisOptions']>, 'replyMapping'>;
};

/** A cluster whose commands fail when they are not answered in time, as those of WatchedRedis do. */
class ImpatientCluster extends Cluster {
  readonly #deadlines: CommandDeadlines;
  #timer: NodeJS.Timeout | null = null;

  constructor(nodes: ClusterNode[], answerMs: number, options: ClusterSettings) {
    super(nodes, options);
    this.#deadlines = new CommandDeadlines(answerMs);
    this.on('end', () => {
      if (this.#timer !== null) clearInterval(this.#timer);
      this.#timer = null;
    });
  }

  override sendCommand(...sent: Parameters<Cluster['sendCommand']>): unknown {
    const answer = super.sendCommand(...sent);
    this.#deadlines.add(sent[0]);
    this.#timer ??= setInterval(() => this.#deadlines.tick(), TICK_MS).unref();
    return answer;
  }
}
