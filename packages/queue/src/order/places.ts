import type { Job, Queue } from 'bullmq';
import type { Catalog } from '../catalog/catalog.ts';
import { jobIndexOf } from '../redis/ids.ts';
import { childQueueNames } from './lane.ts';

/** Priorities changed at a time; each is a round trip. */
const BATCH = 100;

/** Ids of the unfinished children of a run, by queue and in order. */
export async function waitingChildrenOf(parent: Job, catalog: Catalog): Promise<Map<string, string[]>> {
  const waiting = new Map(childQueueNames(catalog).map((name) => [name, [] as string[]]));
  let cursor: number | undefined = 0;
  do {
    const page = await parent.getDependencies({ unprocessed: { cursor, count: BATCH } });
    for (const key of page.unprocessed ?? []) {
      const [jobId = '', queue] = key.split(':').reverse();
      waiting.get(queue ?? '')?.push(jobId);
    }
    cursor = page.nextUnprocessedCursor;
  } while (cursor !== undefined && cursor !== 0);
  for (const ids of waiting.values()) ids.sort((a, b) => jobIndexOf(a) - jobIndexOf(b));
  return waiting;
}

/** Changes the priorities of jobs that still wait; jobs that have been taken meanwhile are left alone. */
export async function changePriorities(
  queue: Queue,
  jobIds: readonly string[],
  priorities: readonly number[],
): Promise<void> {
  for (let from = 0; from < jobIds.length; from += BATCH) {
    await Promise.all(
      jobIds.slice(from, from + BATCH).map(async (jobId, place) => {
        const job: Job | undefined = await queue.getJob(jobId);
        await job?.changePriority({ priority: priorities[from + place] ?? 1 }).catch(isGone);
      }),
    );
  }
}

/** The job ended between the two calls. */
function isGone(error: unknown): void {
  if (!(error instanceof Error && /missing/i.test(error.message))) throw error;
}
