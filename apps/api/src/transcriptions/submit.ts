import { type RunOptions, SottoError, type Upload } from '@sotto/contracts';
import {
  type Attached,
  type AttachInput,
  acceptWork,
  type BacklogLimits,
  manifestOf,
  type Producer,
  type Runs,
  secondsUntilDone,
} from '@sotto/queue';
import { traceParent } from '@sotto/runtime';
import { type BlobStore, blobNameOf, type Manifests } from '@sotto/storage';
import { fleetMsPerSecond } from '../fleet/worker-directory.ts';
import { accountOf } from '../http/account.ts';
import type { KeyShares } from '../http/key-shares.ts';
import type { Principal } from '../http/principal.ts';
import type { Keeper, Keeping } from '../library/keeper.ts';
import type { ApiSettings } from '../settings/settings.ts';
import type { ReceivedUpload } from '../uploads/receive.ts';
import type { AskedOptions } from './form.ts';
import { type NamedDeps, withNamed } from './named-parts.ts';
import { deliveryOf, laneOf, refuseDuringUpgrade, type WantedDeps, withModel } from './wanted.ts';
import { workKeyOf } from './work-key.ts';

export interface SubmitDeps extends NamedDeps, WantedDeps {
  runs: Runs;
  producer: Producer;
  storage: BlobStore;
  manifests: Manifests;
  settings: Pick<ApiSettings, 'defaultModel' | 'secondModel' | 'languages' | 'keepAfterEndMs' | 'knownVoicesEnabled'>;
  keyShares: KeyShares;
  keeper: Keeper;
}

/**
 * Turns a staged upload into a request on a run, with the id of the upload: blob and manifest are durable before the run
 * exists, the run before its job, and only then the caller answers. A refusal discards the upload.
 */
export async function submitUpload(
  upload: ReceivedUpload,
  { kind, run: wished, delivery: wanted, keeps, maxDurationMs, fileName = upload.fileName, ...named }: AskedOptions,
  principal: Principal,
  deps: SubmitDeps,
): Promise<Attached> {
  const delivery = deliveryOf({ kind, delivery: wanted, keeps }, principal, deps);
  const lane = laneOf(delivery, principal);
  const asked = await withNamed(wished, named, principal, deps);
  const { blobKey, sha256, bytes, container } = upload.file;
  const { keyId, key } = principal;
  const { options, modelDigest } = await withModel(asked, { sha256, keyId }, principal, deps);
  if (kind === 'transcription') await refuseDuringUpgrade(container, options as Partial<RunOptions>, deps);
  const longestMs = key?.limits.maxDurationSeconds ? key.limits.maxDurationSeconds * 1000 : maxDurationMs;
  const input: Upload = {
    blobKey,
    sha256,
    bytes,
    container,
    fileName,
    ...(longestMs !== undefined && { maxDurationMs: Math.round(longestMs) }),
  };
  const trace = traceParent();
  const work = {
    workKey: delivery.cache ? workKeyOf({ kind, sha256, options, keyId }) : null,
    modelDigest,
    requestId: blobNameOf(blobKey),
    input,
    delivery,
    lane,
    keyId,
    fileName,
    nowMs: Date.now(),
    ...(trace !== null && { trace }),
    limits: await limitsOf(upload, principal, deps),
  };
  // Kind and options belong together, which a spread makes the compiler forget.
  const request = { ...work, kind, options } as AttachInput;
  const keeping = await keepingOf(request, principal, deps);
  try {
    const accepted = await acceptDurably(upload.file, request, keeping, deps);
    await keeping?.accepted();
    return accepted;
  } catch (error) {
    // When in doubt whether it was accepted, the sweep of the library finds out.
    if (!isInDoubt(error)) await keeping?.giveUp();
    throw error;
  }
}

/** null: it is not to be kept. @throws SottoError `library_off`, `library_unavailable` */
async function keepingOf(
  { requestId, input, options, delivery, fileName }: AttachInput,
  principal: Principal,
  { keeper }: SubmitDeps,
): Promise<Keeping | null> {
  if (delivery.keep === undefined) return null;
  const { language = null, model = null, task = null } = options as Partial<RunOptions>;
  const { blobKey: uploadKey, container, bytes } = input;
  const kept = { id: requestId, account: accountOf(principal), keep: delivery.keep, fileName };
  return keeper.reserve({ ...kept, container, bytes, uploadKey, language, model, task });
}

/** Whatever Redis loses of it can be made anew from then on. */
async function acceptDurably(
  file: ReceivedUpload['file'],
  request: AttachInput,
  keeping: Keeping | null,
  deps: SubmitDeps,
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
async function leaveToRun(request: AttachInput, { run }: Attached, deps: SubmitDeps): Promise<void> {
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
async function discard({ requestId, input }: AttachInput, deps: SubmitDeps): Promise<void> {
  await forgetManifest(requestId, deps);
  await deleteBlob(input.blobKey, deps);
}

/** The key's own, else its shares of the service. */
async function limitsOf(
  { uploadId }: Pick<ReceivedUpload, 'uploadId'>,
  principal: Principal,
  { keyShares }: Pick<SubmitDeps, 'keyShares'>,
): Promise<BacklogLimits> {
  const { concurrentJobs = null, queuedMinutes = null } = principal.key?.limits ?? {};
  const share = keyShares.queue(principal);
  const { heldBytes } = await keyShares.held(principal);
  return {
    runs: concurrentJobs ?? share.runs,
    cost: queuedMinutes === null ? share.audioMs : queuedMinutes * 60_000,
    bytes: heldBytes,
    ...(uploadId !== undefined && { uploadId }),
  };
}

/** When one of the key's recordings should be done, at the speed the workers measured. */
async function withMeasuredWait(error: unknown, { directory }: SubmitDeps): Promise<unknown> {
  if (!(error instanceof SottoError) || error.code !== 'key_full') return error;
  const { unfinished_jobs: runs, unfinished_minutes: minutes } = error.fields;
  // It waits for space, not for workers.
  if (runs === undefined) return error;
  const oneMs = (Number(minutes) * 60_000) / Math.max(1, Number(runs));
  const retryAfterSeconds = secondsUntilDone(oneMs, fleetMsPerSecond(await directory.fleet()));
  return new SottoError(error.code, error.detail, { fields: error.fields, retryAfterSeconds, cause: error });
}

const isUndone = (error: unknown): boolean => error instanceof Error && 'undone' in error && error.undone === true;

const isInDoubt = (error: unknown): boolean => error instanceof Error && 'undone' in error && error.undone === false;

/** One that cannot be removed now is done once for nobody, and then removed. */
async function forgetManifest(requestId: string, { manifests }: SubmitDeps): Promise<void> {
  await manifests.remove(requestId).catch(() => {});
}

/** A blob that cannot be deleted now is swept later; the client's answer does not depend on it. */
async function deleteBlob(blobKey: string, { storage }: SubmitDeps): Promise<void> {
  await storage.delete(blobKey).catch(() => false);
}
