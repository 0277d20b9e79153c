import { asSottoError, type BatchItem, type JobError, SottoError } from '@sotto/contracts';
import { BATCH_LEASE_MS, type Batches, batchManifestOf, type ResumableUploads, takeBackRequest } from '@sotto/queue';
import { type AddressGuard, traceParent } from '@sotto/runtime';
import { batchManifestName, blobNameOf } from '@sotto/storage';
import type { Request, Response } from 'express';
import { localsOf } from '../http/locals.ts';
import type { ApiSettings } from '../settings/settings.ts';
import type { TranscribeOptions } from '../transcriptions/form.ts';
import { checkKeptAudio } from '../transcriptions/form.ts';
import { type SubmitDeps, submitUpload } from '../transcriptions/submit.ts';
import { withAddressOfKey } from '../transcriptions/wanted.ts';
import type { StagedFile } from '../uploads/staged-file.ts';
import { checkWebhookUrl } from '../webhooks/webhook-url.ts';
import { fetchRecordings } from './fetch-recordings.ts';
import { isBatchField, readBatchForm } from './form.ts';
import { isOfTheFile, type ReceivedRecording, receiveFiles } from './receive-files.ts';
import { uploadedRecordings } from './uploaded-recordings.ts';

export interface AcceptBatchDeps extends SubmitDeps {
  batches: Batches;
  uploads: ResumableUploads;
  guard: AddressGuard;
  settings: ApiSettings;
}

/**
 * Accepts a batch: its files become durable as they arrive, then each becomes a request, and only then is the batch
 * visible and its id returned. If anything goes wrong before that, everything is undone: here, or by the sweep if this
 * process dies.
 */
export async function acceptBatch(request: Request, response: Response, deps: AcceptBatchDeps): Promise<string> {
  const { batches } = deps;
  const id = await batches.begin(localsOf(response).principal.keyId, Date.now(), traceParent());
  // A failed renewal is no reason to stop: the next one may be in time.
  const renewal = setInterval(() => void batches.renew(id).catch(() => {}), BATCH_LEASE_MS / 4);
  const kept: string[] = [];
  const keep = async (file: StagedFile): Promise<void> => {
    const blobKey = await file.commit();
    kept.push(blobKey);
    await batches.stage(id, blobKey);
  };
  try {
    const { recordings, options } = await receive(request, response, keep, deps);
    const items = await submitAll(id, recordings, options, response, deps);
    const delivery = { ...withAddressOfKey(options.delivery, localsOf(response).principal), async: true };
    const batch = { items, delivery, nowMs: Date.now() };
    const { keyId } = localsOf(response).principal;
    await deps.manifests.put(batchManifestName(id), batchManifestOf({ id, keyId, ...batch }));
    if (!(await batches.accept(id, batch))) throw leaseLost();
    await tellSubmitted(recordings, items);
    note(id, items, response);
    return id;
  } catch (error) {
    // If the queue is unreachable, the sweep does it.
    await giveUp(id, kept, deps).catch(() => {});
    throw error;
  } finally {
    clearInterval(renewal);
  }
}

async function receive(
  request: Request,
  response: Response,
  keep: (file: StagedFile) => Promise<void>,
  { settings, storage, guard, uploads }: AcceptBatchDeps,
): Promise<{ recordings: ReceivedRecording[]; options: TranscribeOptions }> {
  const { maxFileBytes, uploadIdleMs: idleMs, maxBatchFiles: maxFiles, maxBatchBytes: maxBytes } = settings;
  const limits = { storage, maxFileBytes, idleMs, keep };
  const received = await receiveFiles(request, response, { ...limits, maxFiles, maxBytes, isKnownField: isBatchField });
  const { options, urls, uploadIds } = readBatchForm(received.fields);
  checkKeptAudio(options, settings);
  if (!settings.asyncEnabled) {
    throw new SottoError('invalid_parameter', 'Batches are turned off on this service (ENABLE_ASYNC).');
  }
  const { webhookUrl } = options.delivery;
  const isSigned = settings.webhooksEnabled || localsOf(response).principal.key?.hasWebhookSecret === true;
  if (webhookUrl !== undefined) checkWebhookUrl(webhookUrl, isSigned, guard);
  const fetching = { ...limits, guard, timeoutMs: settings.urlFetchTimeoutMs };
  const fetched = await fetchRecordings(urls, response, fetching);
  const owner = localsOf(response).principal;
  const holding = { ...limits, uploads, owner, keepMs: settings.uploadKeepMs };
  const recordings = [...received.recordings, ...fetched, ...(await uploadedRecordings(uploadIds, holding))];
  if (recordings.length === 0) {
    throw new SottoError('file_missing', 'The form has no part named "file", and no "url" or "upload_id".');
  }
  return { recordings, options };
}

/** @throws SottoError when none was accepted; with their common code, if they have one. */
async function submitAll(
  id: string,
  recordings: readonly ReceivedRecording[],
  options: TranscribeOptions,
  response: Response,
  deps: AcceptBatchDeps,
): Promise<BatchItem[]> {
  const items: BatchItem[] = [];
  const refusals: SottoError[] = [];
  for (const { outcome, fileName, url } of recordings) {
    const item = { fileName, ...(url !== undefined && { url }) };
    try {
      if ('error' in outcome) throw new SottoError(outcome.error.code, outcome.error.detail);
      const requestId = await submit(id, { ...item, file: outcome.file }, options, response, deps);
      items.push({ ...item, requestId, error: null });
    } catch (error) {
      if (!isOfTheFile(error)) throw error;
      const refusal = asSottoError(error);
      refusals.push(refusal);
      items.push({ ...item, requestId: null, error: refusal.toJobError() });
    }
  }
  if (items.every(({ requestId }) => requestId === null)) throw nothingAccepted(items, refusals);
  return items;
}

/** What cannot be removed now is removed when the upload expires. */
async function tellSubmitted(recordings: readonly ReceivedRecording[], items: readonly BatchItem[]): Promise<void> {
  for (const [index, { onSubmitted }] of recordings.entries()) {
    const jobId = items[index]?.requestId;
    if (jobId) await onSubmitted?.(jobId).catch(() => {});
  }
}

/** Submits a recording like every endpoint; the batch knows of it before it is attached. */
async function submit(
  batchId: string,
  { file, fileName }: { file: StagedFile; fileName: string },
  { kind, run, delivery, ...rest }: TranscribeOptions,
  response: Response,
  deps: AcceptBatchDeps,
): Promise<string> {
  const requestId = blobNameOf(file.blobKey);
  await deps.batches.willAttach(batchId, requestId);
  // The webhook is called for the batch; its items have none of their own.
  const { webhookUrl: _ofTheBatch, ...ofEach } = delivery;
  const options = { ...rest, kind, run, delivery: { ...ofEach, async: true, batchId } };
  try {
    await submitUpload({ file, fileName, fields: {} }, options, localsOf(response).principal, deps);
    return requestId;
  } catch (error) {
    if (isOfTheFile(error)) await deps.storage.delete(await file.commit()).catch(() => false);
    throw error;
  }
}

function nothingAccepted(items: readonly BatchItem[], refusals: readonly SottoError[]): SottoError {
  const listed = items.map(({ fileName, error }, index) => ({ index, file_name: fileName, ...wireError(error) }));
  const fields = { items: listed };
  const [first] = refusals;
  if (first === undefined || refusals.some(({ code }) => code !== first.code)) {
    return new SottoError('nothing_accepted', 'See `items` for the reason of each recording.', { fields });
  }
  const { code, detail, retryAfterSeconds } = first;
  const retry = retryAfterSeconds === undefined ? {} : { retryAfterSeconds };
  return new SottoError(code, detail, { fields: { ...first.fields, ...fields }, ...retry });
}

const wireError = (error: JobError | null) => (error === null ? {} : { error: error.code, detail: error.detail });

function leaseLost(): SottoError {
  return new SottoError('queue_unavailable', 'The queue was unavailable for too long.', { retryAfterSeconds: 5 });
}

async function giveUp(id: string, kept: readonly string[], deps: AcceptBatchDeps): Promise<void> {
  const { batches, runs, producer, storage, manifests } = deps;
  await manifests.remove(batchManifestName(id)).catch(() => {});
  const dropped = await batches.drop(id, true);
  if (dropped === null) return;
  for (const requestId of dropped.requestIds) {
    const view = await runs.view(requestId);
    await manifests.remove(requestId).catch(() => {});
    await takeBackRequest(requestId, runs, producer);
    if (view === null || view === 'expired') continue;
    const run = await runs.run(view.run.id);
    // It belongs to other requests by now.
    if (run?.status === 'processing') kept = kept.filter((blobKey) => blobKey !== run.upload.blobKey);
  }
  await batches.forget(id);
  await Promise.all(kept.map((blobKey) => storage.delete(blobKey).catch(() => false)));
}

function note(id: string, items: readonly BatchItem[], response: Response): void {
  const accepted = items.filter(({ requestId }) => requestId !== null).length;
  Object.assign(localsOf(response).metadata, { batchId: id, auditTarget: id, files: items.length, accepted });
}
