import type { RunOptions, Upload } from '@sotto/contracts';
import type { Attached, AttachInput, BacklogLimits } from '@sotto/queue';
import { traceParent } from '@sotto/runtime';
import { blobNameOf } from '@sotto/storage';
import { accountOf } from '../http/account.ts';
import type { KeyShares } from '../http/key-shares.ts';
import type { Principal } from '../http/principal.ts';
import type { Keeper, Keeping } from '../library/keeper.ts';
import type { ApiSettings } from '../settings/settings.ts';
import type { ReceivedUpload } from '../uploads/receive.ts';
import { acceptDurably, type DurableDeps } from './accept-durably.ts';
import type { AskedOptions } from './form.ts';
import { type NamedDeps, withNamed } from './named-parts.ts';
import { deliveryOf, laneOf, refuseDuringUpgrade, type WantedDeps, withModel } from './wanted.ts';
import { workKeyOf } from './work-key.ts';

export interface SubmitDeps extends DurableDeps, NamedDeps, WantedDeps {
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
  if (delivery.keep === undefined || !('container' in input)) return null;
  const { language = null, model = null, task = null } = options as Partial<RunOptions>;
  const { blobKey: uploadKey, container, bytes } = input;
  const kept = { id: requestId, account: accountOf(principal), keep: delivery.keep, fileName };
  return keeper.reserve({ ...kept, container, bytes, uploadKey, language, model, task });
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

const isInDoubt = (error: unknown): boolean => error instanceof Error && 'undone' in error && error.undone === false;
