/** BullMQ's queues; workers of different builds meet in them, so a name keeps its meaning for ever. */
export const QUEUES = {
  transcriptions: 'transcriptions',
  preparations: 'preparations',
  windows: 'windows',
  'urgent-windows': 'urgent-windows',
  sweeps: 'sweeps',
  webhooks: 'webhooks',
} as const;
export type QueueName = keyof typeof QUEUES;

export const QUEUE_NAMES = Object.keys(QUEUES) as QueueName[];
