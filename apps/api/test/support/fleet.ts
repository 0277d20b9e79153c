import { QUEUE_NAMES } from '@sotto/queue';
import { filesUnder, type Service, waitFor } from '@sotto/testkit';
import type { Redis } from 'ioredis';

/** BullMQ's lists of unfinished jobs. */
const UNFINISHED = ['wait', 'active', 'prioritized', 'delayed', 'waiting-children'];
/** Sweeps come round by themselves; a webhook may be waiting for its receiver. */
const QUEUES = QUEUE_NAMES.filter((name) => name !== 'sweeps' && name !== 'webhooks');

/** Waiting, active and suspended jobs of all queues, and runs in processing. */
export async function unfinishedWork(redis: Redis, prefix: string): Promise<number> {
  const pipeline = redis.pipeline().zcard(`${prefix}:processing`);
  for (const key of QUEUES.flatMap((queue) => UNFINISHED.map((state) => `${prefix}:${queue}:${state}`))) {
    if (/:(wait|active)$/.test(key)) pipeline.llen(key);
    else pipeline.zcard(key);
  }
  const replies = (await pipeline.exec()) ?? [];
  return replies.reduce((sum, [error, count]) => {
    if (error !== null) throw error;
    return sum + Number(count);
  }, 0);
}

/** Waits until a refused or failed request has left no blob and no job; fails naming what stays. */
export async function leavesNothing(service: Pick<Service, 'blobFolder' | 'prefix'>, redis: Redis): Promise<void> {
  let left: unknown = null;
  await waitFor(
    async () => {
      left = { files: await filesUnder(service.blobFolder), jobs: await unfinishedWork(redis, service.prefix) };
      return JSON.stringify(left) === JSON.stringify({ files: [], jobs: 0 });
    },
    { what: 'nothing to be left behind' },
  ).catch((cause: unknown) => {
    throw new Error(`Left behind: ${JSON.stringify(left)}`, { cause });
  });
}
