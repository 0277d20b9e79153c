import { Queue } from 'bullmq';
import type { Redis } from 'ioredis';
import { JOB_CATALOG, type JobKind, type JobPayload, RETENTION } from './catalog.ts';
import { QUEUES, type QueueName } from './keys.ts';

export const QUEUE_NAMES = Object.keys(QUEUES) as QueueName[];

/** One BullMQ queue; several share a connection. */
export function openQueue(redis: Redis, prefix: string, name: QueueName, onError: (error: Error) => void): Queue {
  const queue = new Queue(QUEUES[name], { connection: redis, prefix });
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
