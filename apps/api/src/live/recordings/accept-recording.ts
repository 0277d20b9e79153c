import { Readable } from 'node:stream';
import {
  type AttachInputOf,
  acceptWork,
  type LiveRecording,
  type LiveSession,
  manifestOf,
  type Producer,
  type Recovery,
  type ResumableUpload,
  type ResumableUploads,
  type Runs,
} from '@sotto/queue';
import type { BlobStore, Manifests } from '@sotto/storage';
import type { Keeper } from '../../library/keeper.ts';
import { bytesOf, deleteParts } from '../../resumable/parts.ts';
import { workKeyOf } from '../../transcriptions/work-key.ts';
import { type StagedFile, stageFile } from '../../uploads/staged-file.ts';
import { wavHeader, wavMsOf } from './wav.ts';

export interface AcceptRecordingDeps {
  uploads: ResumableUploads;
  storage: BlobStore;
  manifests: Manifests;
  runs: Runs;
  producer: Producer;
  recovery: Pick<Recovery, 'statesOf'>;
  keeper: Keeper;
}

type Recorded = Pick<LiveSession, 'id' | 'keyId'> & { recording: LiveRecording };

/**
 * Makes the recording of a session a job with the id of the session. Safe to repeat, and to do twice at once: whatever it
 * writes is the same each time. Nothing is taken back where it fails: it comes again, and what its manifest says may have
 * been accepted by the sweep of the manifests meanwhile.
 *
 * @returns `gone`: there is no recording, and never will be
 * @throws SottoError `queue_unavailable`, `storage_unavailable`, `disk_full`, `library_unavailable`
 */
export async function acceptRecording(
  session: Recorded,
  deps: AcceptRecordingDeps,
): Promise<'accepted' | 'known' | 'gone'> {
  const { uploads, storage, recovery } = deps;
  const { id, recording } = session;
  const [state] = await recovery.statesOf([id]);
  const isNew = state?.kind === 'lost';
  if (isNew) {
    const upload = await uploads.find(id);
    if (upload === null) return 'gone';
    if (upload.jobId !== null) return 'known';
    await acceptUpload(session, upload, deps);
  }
  await deleteParts(await uploads.use(id, id, recording.keepMs), storage);
  return isNew ? 'accepted' : 'known';
}

async function acceptUpload(session: Recorded, upload: ResumableUpload, deps: AcceptRecordingDeps): Promise<void> {
  const { uploads, storage, manifests, runs, producer, keeper } = deps;
  const file = await stageFile(Readable.from(wavOf(upload, await uploads.parts(upload.id), storage)), {
    storage,
    name: session.id,
    maxFileBytes: Number.POSITIVE_INFINITY,
  });
  try {
    const request = requestOf(session, file, wavMsOf(upload.offset));
    const { keep } = request.delivery;
    const keeping = keep !== undefined && keeper.isOn ? await keeper.reserve(keptOf(session, file, keep)) : null;
    await file.commit();
    await keeping?.fill();
    await manifests.put(session.id, manifestOf(request));
    await acceptWork(runs, producer, request);
    await keeping?.accepted();
  } catch (error) {
    await file.discard();
    throw error;
  }
}

async function* wavOf(
  { offset }: ResumableUpload,
  parts: Parameters<typeof bytesOf>[0],
  storage: BlobStore,
): AsyncGenerator<Buffer> {
  yield wavHeader(offset);
  yield* bytesOf(parts, storage);
}

/** What was allowed when the session began is allowed now, and its audio was charged as it was heard. */
function requestOf(
  { id, keyId, recording }: Recorded,
  { blobKey, sha256, bytes, container }: StagedFile,
  durationMs: number,
): AttachInputOf<'transcription'> {
  const { options, delivery, lane, modelDigest, fileName } = recording;
  return {
    kind: 'transcription',
    requestId: id,
    workKey: delivery.cache ? workKeyOf({ kind: 'transcription', sha256, options, keyId }) : null,
    modelDigest,
    input: { blobKey, sha256, bytes, container, fileName, maxDurationMs: durationMs },
    options,
    delivery,
    lane,
    keyId,
    fileName,
    nowMs: Date.now(),
    isPaid: true,
  };
}

function keptOf(
  { id, recording }: Recorded,
  { blobKey: uploadKey, bytes, container }: StagedFile,
  keep: NonNullable<LiveRecording['delivery']['keep']>,
) {
  const { account, fileName, options } = recording;
  const { language, model, task } = options;
  return { id, account, keep, fileName, container, bytes, uploadKey, language, model, task };
}
