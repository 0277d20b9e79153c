import type { Role } from '@sotto/contracts';

/**
 * BullMQ's queues; workers of different builds meet in them, so a name keeps its meaning for ever. What each role works
 * on, which queues are opened and where jobs wait follow from this table and from JOB_CATALOG, which names a queue for
 * each kind of job.
 */
export const QUEUES = {
  /** Runs, each driven by one job. */
  transcriptions: { role: 'prepare' },
  /** Recordings that are not small: nobody else waits for a long decoding. */
  preparations: { role: 'prepare' },
  /** Runs that only want the language of a recording. */
  languages: { role: 'prepare' },
  windows: { role: 'transcribe', interactiveTwin: 'urgent-windows' },
  'urgent-windows': { role: 'transcribe' },
  sweeps: { role: 'prepare', concurrency: 1 },
  /** Receivers are waited for, not worked for. */
  webhooks: { role: 'prepare', concurrency: 32 },
} as const satisfies Record<string, QueueDefinition>;

export interface QueueDefinition {
  /** Workers with this role take its jobs. */
  role: Role;
  /** Jobs at once in one worker; absent: the role's number. */
  concurrency?: number;
  /** The queue in which the same jobs wait when they are of the interactive lane; see order/lane.ts. */
  interactiveTwin?: string;
}

export type QueueName = keyof typeof QUEUES;

export const QUEUE_NAMES = Object.keys(QUEUES) as QueueName[];
