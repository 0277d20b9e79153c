import { forgetJob, leaveRun } from '../jobs/leave.ts';
import type { LibraryDeps } from './library-deps.ts';

/**
 * Deletes an item, and its job with it, whose result Redis has for a while. The job goes first: if the queue is away,
 * nothing is deleted. What of the recording cannot be deleted now is listed, and swept.
 *
 * @throws SottoError `queue_unavailable`, `storage_unavailable`, `library_unavailable`
 */
export async function deleteItem(id: string, deps: Omit<LibraryDeps, 'results'>): Promise<void> {
  await deleteJob(id, deps);
  const keys = await deps.library.use(({ items }) => items.remove([id]));
  for (const key of keys) {
    const isGone = await deps.storage.delete(key).then(
      () => true,
      () => false,
    );
    if (isGone) await deps.library.use(({ items }) => items.removed(key)).catch(() => {});
  }
}

/** An item that was imported has none. */
async function deleteJob(id: string, deps: Omit<LibraryDeps, 'results'>): Promise<void> {
  const view = await deps.runs.view(id);
  if (view === null || view === 'expired') return;
  if (view.run.status === 'processing') await leaveRun(id, deps);
  await forgetJob(id, deps);
}
