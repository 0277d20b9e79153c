import type { Queue } from 'bullmq';
import { driverJobId } from '../redis/ids.ts';

/**
 * Removes the jobs of an ended run that no worker is processing: its waiting children, and if none of them is being
 * processed, the job that drives it. The others end by themselves, since their workers are notified that the run has
 * stopped.
 */
export async function removeJobsOf(drivers: Queue, runId: string): Promise<void> {
  const job = await drivers.getJob(driverJobId(runId));
  if (job === undefined) return;
  await job.removeUnprocessedChildren();
  try {
    await job.remove();
  } catch (error) {
    // It or one of its children is being processed. BullMQ refuses then, and only the message says so.
    if (!(error instanceof Error && /locked|could not be removed/i.test(error.message))) throw error;
  }
}

/** For a failed run: the job that drives it stays, to fail with the reason on record. */
export async function removeWaitingChildrenOf(drivers: Queue, runId: string): Promise<void> {
  const job = await drivers.getJob(driverJobId(runId));
  await job?.removeUnprocessedChildren();
}
