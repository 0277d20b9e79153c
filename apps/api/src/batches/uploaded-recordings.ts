import type { Principal } from '../http/principal.ts';
import { type FinishedUploadDeps, finishedUpload } from '../resumable/finished-upload.ts';
import { type Keep, namedRecording } from './named-recording.ts';
import type { ReceivedRecording } from './receive-files.ts';

export interface UploadedRecordingsOptions extends FinishedUploadDeps {
  owner: Pick<Principal, 'keyId'>;
  keep: Keep;
}

/**
 * Finished resumable uploads as recordings of a batch, in the order of their ids. One that cannot be used does not affect
 * the others.
 *
 * @throws SottoError that is our own fault.
 */
export async function uploadedRecordings(
  ids: readonly string[],
  { owner, keep, ...deps }: UploadedRecordingsOptions,
): Promise<ReceivedRecording[]> {
  const recordings: ReceivedRecording[] = [];
  for (const id of ids)
    recordings.push(await namedRecording({ fileName: id }, () => finishedUpload(id, owner, deps), keep));
  return recordings;
}
