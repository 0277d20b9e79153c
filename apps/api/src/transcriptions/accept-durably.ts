import { SottoError } from '@sotto/contracts';
import {
  type Attached,
  type AttachInput,
  acceptWork,
  manifestOf,
  type Producer,
  type Runs,
  secondsUntilDone,
} from '@sotto/queue';
import type { BlobStore, Manifests } from '@sotto/storage';
import { fleetMsPerSecond, type WorkerDirectory } from '../fleet/worker-directory.ts';
import type { Keeping } from '../library/keeper.ts';
import type { ApiSettings } from '../settings/settings.ts';

export interface DurableDeps {
  runs: Runs;
  producer: Producer;
  storage: BlobStore;
  manifests: Manifests;
  directory: WorkerDirectory;
  settings: Pick<ApiSettings, 'keepAfterEndMs'>;
}

/** What is staged: `commit` resolves when it would survive a power cut. */
export interface StagedInput {
  commit(): Promise<unknown>;
}

/** Whatever Redis loses of it can be made anew from then on. */
export async function acceptDurably(
  file: StagedInput,
  request: AttachInput,
  keeping: Keeping | null,
  deps: DurableDeps,
): Promise<Attached> {
  const committed = file.commit().then(() => keeping?.fill());
  const stored = await Promise.allSettled([committed, deps.manifests.put(request.requestId, manifestOf(request))]);
  const failed = stored.find((one) => one.status === 'rejected');
  if (failed !== undefined) {
    await discard(request, deps);
    throw failed.reason;
  }
  const accepted = await acceptWork(deps.runs, deps.producer, request).catch(async (error: unknown) => {
    // When in doubt, all stays: a run without its blob would fail the client's retry, which joins it.
    if (isUndone(error)) await discard(request, deps);
    throw await withMeasuredWait(error, deps);
  });
  if (accepted.run.upload.blobKey !== request.input.blobKey) await leaveToRun(request, accepted, deps);
  return accepted;
}

/** It has joined a run, which has an upload of its own. */
async function leaveToRun(request: AttachInput, { run }: Attached, deps: DurableDeps): Promise<void> {
  const { requestId, input } = request;
  if (run.status !== 'processing') {
    // ManifestSweep removes it when its time is up.
    if (deps.settings.keepAfterEndMs === 0) await discard(request, deps);
    return;
  }
  const joined = { ...request, input: run.upload } as AttachInput;
  // If that cannot be written, there is the one that names this upload.
  const isWritten = await deps.manifests.put(requestId, manifestOf(joined)).then(
    () => true,
    () => false,
  );
  if (isWritten) await deleteBlob(input.blobKey, deps);
}

/** The manifest first: without its upload, nothing could be made of it. */
async function discard({ requestId, input }: AttachInput, deps: DurableDeps): Promise<void> {
  await forgetManifest(requestId, deps);
  await deleteBlob(input.blobKey, deps);
}

/** When one of the key's recordings should be done, at the speed the workers measured. */
async function withMeasuredWait(error: unknown, { directory }: DurableDeps): Promise<unknown> {
  if (!(error instanceof SottoError) || error.code !== 'key_full') return error;
  const { unfinished_jobs: runs, unfinished_minutes: minutes } = error.fields;
  // It waits for space, not for workers; or it is text, whose speed nobody has measured.
  if (runs === undefined || minutes === undefined) return error;
  const oneMs = (Number(minutes) * 60_000) / Math.max(1, Number(runs));
  const retryAfterSeconds = secondsUntilDone(oneMs, fleetMsPerSecond(await directory.fleet()));
  return new SottoError(error.code, error.detail, { fields: error.fields, retryAfterSeconds, cause: error });
}

const isUndone = (error: unknown): boolean => error instanceof Error && 'undone' in error && error.undone === true;

/** One that cannot be removed now is done once for nobody, and then removed. */
async function forgetManifest(requestId: string, { manifests }: DurableDeps): Promise<void> {
  await manifests.remove(requestId).catch(() => {});
}

/** A blob that cannot be deleted now is swept later; the client's answer does not depend on it. */
async function deleteBlob(blobKey: string, { storage }: DurableDeps): Promise<void> {
  await storage.delete(blobKey).catch(() => false);
}
