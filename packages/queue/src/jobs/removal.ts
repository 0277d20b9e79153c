import type { Queue } from 'bullmq';
import { driverJobId } from '../redis/ids.ts';

/**
 * Takes the jobs of an ended run out of the queues, as far as nobody works on them: its waiting children, then, when
 * none is left at work, the job that drives it. Those at work end by themselves: their workers hear that the run has
 * stopped.
 */
export async function removeJobsOf(drivers: Queue, runId: string): Promise<void> {
  const job = await drivers.getJob(driverJobId(runId));
  if (job === undefined) return;
  await job.removeUnprocessedChildren();
  try {
    await job.remove();
  } catch (error) {
    // At work, or one of its children is: BullMQ refuses then, and says so only in words.
    if (!(error instanceof Error && /locked|could not be removed/i.test(error.message))) throw error;
  }
}

/** Of a failed run: its own job is left to fail, with the reason on record. */
export async function removeWaitingChildrenOf(drivers: Queue, runId: string): Promise<void> {
  const job = await drivers.getJob(driverJobId(runId));
  await job?.removeUnprocessedChildren();
}
