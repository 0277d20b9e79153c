import type { Batches, OutboxEvent, Runs } from '@sotto/queue';

/** The consumer `batches`: an item of a batch has ended. */
export function batchSettler({
  runs,
  batches,
}: {
  runs: Pick<Runs, 'view'>;
  batches: Batches;
}): (event: OutboxEvent) => Promise<void> {
  return async (event) => {
    if (event.type !== 'job_ended') return;
    const view = await runs.view(event.jobId);
    // Deleted meanwhile: the sweep settles the item.
    if (view === null || view === 'expired' || view.run.status === 'processing') return;
    const { batchId } = view.request.delivery;
    if (batchId !== undefined) await batches.settle(batchId, view.request.id, view.run.status);
  };
}
