import type { Role } from '@sotto/contracts';

/**
 * BullMQ's queues. Workers of different builds share them, so a name never changes its meaning. Which jobs a role
 * processes, which queues are opened and where jobs wait follow from this table and from JOB_CATALOG, which names the
 * queue of each kind of job.
 */
export const QUEUES = {
  /** Transcriptions, each driven by one job. */
  transcriptions: { role: 'prepare' },
  /** Recordings that are not small; nothing else waits for a long decoding. */
  preparations: { role: 'prepare' },
  /** Runs that only detect the language of a recording. */
  languages: { role: 'prepare' },
  /** Samples of voices; somebody waits for each, for a few seconds. */
  'voice-samples': { role: 'prepare', concurrency: 1 },
  windows: { role: 'transcribe', interactiveTwin: 'urgent-windows' },
  'urgent-windows': { role: 'transcribe' },
  /** Who speaks when; keeps a processor or two busy for a minute and a half per hour of audio. */
  speakers: { role: 'prepare', concurrency: 1, interactiveTwin: 'urgent-speakers' },
  'urgent-speakers': { role: 'prepare', concurrency: 1 },
  /** Texts, each driven by one job; none of them takes long. */
  speeches: { role: 'speak', concurrency: 4 },
  pieces: { role: 'speak', interactiveTwin: 'urgent-pieces' },
  'urgent-pieces': { role: 'speak' },
  /** Voices that are made of an engine's: minutes of a processor each, and nobody waits. */
  'voice-matches': { role: 'speak', concurrency: 1 },
  sweeps: { role: 'prepare', concurrency: 1 },
  /** Deliveries mostly wait for their receivers; outbox/receivers.ts says how many for one of them. */
  webhooks: { role: 'prepare', concurrency: 128 },
} as const satisfies Record<string, QueueDefinition>;

export interface QueueDefinition {
  /** Workers with this role take its jobs. */
  role: Role;
  /** Jobs at once in one worker; absent: as many as its role allows. */
  concurrency?: number;
  /** Queue of the same jobs in the interactive lane; see order/lane.ts. */
  interactiveTwin?: string;
}

export type QueueName = keyof typeof QUEUES;

export const QUEUE_NAMES = Object.keys(QUEUES) as QueueName[];
