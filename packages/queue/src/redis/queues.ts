import { Queue } from 'bullmq';
import type { Redis } from 'ioredis';
import { CATALOG, type Catalog } from '../catalog/catalog.ts';
import { RETENTION } from '../catalog/jobs.ts';
import { mustBeConnected, reach } from './faults.ts';

/** One BullMQ queue; several share a connection. */
export function openQueue(redis: Redis, prefix: string, name: string, onError: (error: Error) => void): Queue {
  const queue = new Queue(name, { connection: redis, prefix });
  queue.on('error', onError);
  return queue;
}

/**
 * A payload as it is queued, with its version; the consumer validates it again.
 *
 * @throws ZodError
 */
export function packPayload(kind: string, payload: unknown, catalog: Catalog = CATALOG): Record<string, unknown> {
  const { payload: schema, version } = catalog.job(kind);
  return { ...(schema.parse(payload) as Record<string, unknown>), version };
}

/** How often a job of this kind is tried, and how long BullMQ keeps it. */
export function jobOptions(kind: string, catalog: Catalog = CATALOG) {
  const { attempts, backoff } = catalog.job(kind);
  return { attempts, backoff, ...RETENTION };
}

/**
 * A queue for callers that must not wait for Redis. BullMQ initialises a queue at its first use, and then waits for the
 * connection; a queue whose initialisation failed stays broken, so it is replaced.
 */
export class FailFastQueue {
  readonly #open: () => Queue;
  readonly #redis: Redis;
  #queue: Queue | null = null;

  constructor(redis: Redis, prefix: string, name: string, onError: (error: Error) => void) {
    this.#redis = redis;
    this.#open = () => openQueue(redis, prefix, name, onError);
  }

  /** @throws SottoError `queue_unavailable` */
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
