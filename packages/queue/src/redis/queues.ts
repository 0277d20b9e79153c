import { Queue } from 'bullmq';
import type { Redis } from 'ioredis';
import { JOB_CATALOG, type JobKind, type JobPayload, RETENTION } from '../catalog/jobs.ts';
import type { QueueName } from '../catalog/queues.ts';
import { mustBeConnected, reach } from './connection.ts';

/** One BullMQ queue; several share a connection. */
export function openQueue(redis: Redis, prefix: string, name: QueueName, onError: (error: Error) => void): Queue {
  const queue = new Queue(name, { connection: redis, prefix });
  queue.on('error', onError);
  return queue;
}

/** Parsed on the way in; again on the way out, by the consumer. */
export function parsePayload<K extends JobKind>(kind: K, payload: unknown): JobPayload<K> {
  return JOB_CATALOG[kind].payload.parse(payload) as JobPayload<K>;
}

/** How a job of this kind is tried, and how long BullMQ remembers it. */
export function jobOptions(kind: JobKind) {
  const { attempts, backoff } = JOB_CATALOG[kind];
  return { attempts, backoff, ...RETENTION };
}

/**
 * A queue for callers that must not wait for Redis. BullMQ prepares a queue at its first use and waits for the
 * connection then; and one whose preparation failed stays broken, so that is thrown away.
 */
export class QueueDoor {
  readonly #open: () => Queue;
  readonly #redis: Redis;
  #queue: Queue | null = null;

  constructor(redis: Redis, prefix: string, name: QueueName, onError: (error: Error) => void) {
    this.#redis = redis;
    this.#open = () => openQueue(redis, prefix, name, onError);
  }

  /** Throws queue_unavailable. */
  async use<T>(work: (queue: Queue) => Promise<T>): Promise<T> {
    mustBeConnected(this.#redis);
    this.#queue ??= this.#open();
    const queue = this.#queue;
    try {
      await reach(queue.waitUntilReady());
    } catch (error) {
      if (this.#queue === queue) this.#queue = null;
      void queue.close().catch(() => {});
      throw error;
    }
    return reach(work(queue));
  }

  async close(): Promise<void> {
    await this.#queue?.close();
  }
}
