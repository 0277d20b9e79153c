import type { OutboxEvent, Runs } from '@sotto/queue';
import type { Results } from '../results/results.ts';
import { keptRenderer, readKept } from './kept-renderer.ts';
import type { LibraryStore } from './library-store.ts';

export interface KeepEndedDeps {
  store: LibraryStore;
  runs: Pick<Runs, 'view'>;
  results: Pick<Results, 'kept'>;
}

const EXPIRED = { code: 'result_expired', message: 'The transcript was no longer stored when it was to be kept.' };

/** The consumer `library`: a job has ended whose transcript is to be kept. Safe to repeat. */
export function endKeeper(deps: KeepEndedDeps): (event: OutboxEvent) => Promise<void> {
  return async (event) => {
    if (event.type === 'job_ended') await keepEnded(event.jobId, deps);
  };
}

/**
 * Takes over how a job has ended.
 *
 * @returns false: it has not ended, or the queue does not know it
 * @throws SottoError `library_unavailable`, `queue_unavailable`, `service_full`
 */
export async function keepEnded(jobId: string, { store, runs, results }: KeepEndedDeps): Promise<boolean> {
  const view = await runs.view(jobId);
  if (view === null || (view !== 'expired' && view.run.status === 'processing')) return false;
  if (view === 'expired') {
    await store.use(({ items }) => items.end(jobId, 'failed', EXPIRED));
    return true;
  }
  const { status, error } = view.run;
  if (status === 'failed' || status === 'cancelled') {
    const failure = error === null ? null : { code: error.code, message: error.detail };
    await store.use(({ items }) => items.end(jobId, status, failure));
    return true;
  }
  const rendered = await results.kept(view, keptRenderer, {});
  await store.use(async ({ items }) => {
    if (rendered === null) await items.end(jobId, 'failed', EXPIRED);
    else await items.complete(jobId, readKept(rendered.body));
  });
  return true;
}
