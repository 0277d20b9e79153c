import { Readable } from 'node:stream';
import { SottoError } from '@sotto/contracts';
import type { ResumableUploads } from '@sotto/queue';
import type { BlobStore } from '@sotto/storage';
import type { Principal } from '../http/principal.ts';
import { cleanFileName } from '../uploads/file-name.ts';
import type { ReceivedUpload } from '../uploads/receive.ts';
import { stageFile } from '../uploads/staged-file.ts';
import { findUpload, uploadParams } from './find.ts';
import { bytesOf, deleteParts } from './parts.ts';

export interface FinishedUploadDeps {
  uploads: ResumableUploads;
  storage: BlobStore;
  maxFileBytes: number;
  keepMs: number;
}

/**
 * A finished resumable upload as a file like any other: its pieces are joined, hashed and recognised once more. They stay
 * until there is a job, so that a request that is refused can be sent again.
 *
 * @param id as a client wrote it.
 * @throws SottoError `upload_not_found`, `upload_not_finished`, `upload_used`, those of stageFile.
 */
export async function finishedUpload(
  id: string,
  owner: Pick<Principal, 'keyId'>,
  { uploads, storage, maxFileBytes, keepMs }: FinishedUploadDeps,
): Promise<Omit<ReceivedUpload, 'fields'>> {
  const upload = await findUpload(uploadParams.parse({ id }).id, owner, uploads);
  if (upload.jobId !== null) {
    throw new SottoError('upload_used', `It was used for job ${upload.jobId}.`, { fields: { job_id: upload.jobId } });
  }
  const { offset, totalBytes } = upload;
  if (totalBytes === null || offset < totalBytes) {
    throw new SottoError('upload_not_finished', `${offset} of ${totalBytes ?? 'unknown'} bytes have arrived.`);
  }
  const parts = Readable.from(bytesOf(await uploads.parts(upload.id), storage));
  const file = await stageFile(parts, { storage, maxFileBytes });
  return {
    file,
    uploadId: upload.id,
    fileName: cleanFileName(upload.metadata.filename ?? ''),
    onSubmitted: async (jobId) => deleteParts(await uploads.use(upload.id, jobId, keepMs), storage),
  };
}
