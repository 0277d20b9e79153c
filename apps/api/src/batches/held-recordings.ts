import { asSottoError } from '@sotto/contracts';
import { type HeldUploadDeps, heldUpload } from '../resumable/held-upload.ts';
import type { HeldFile } from '../uploads/held-file.ts';
import { isOfTheFile, type ReceivedRecording } from './receive-files.ts';

export interface HeldRecordingsOptions extends HeldUploadDeps {
  /** A key id; undefined: keys are off. */
  owner: string | undefined;
  /** Makes a file durable, in the name of the batch. */
  keep(file: HeldFile): Promise<void>;
}

/**
 * Finished resumable uploads as recordings of a batch, in the order of their ids. One that cannot be had does not hinder the
 * others.
 *
 * @throws SottoError that is our own fault.
 */
export async function heldRecordings(
  ids: readonly string[],
  { owner, keep, ...deps }: HeldRecordingsOptions,
): Promise<ReceivedRecording[]> {
  const recordings: ReceivedRecording[] = [];
  for (const id of ids) {
    try {
      const { file, fileName, onSubmitted } = await heldUpload(id, owner, deps);
      await keep(file);
      recordings.push({ fileName, outcome: { file }, ...(onSubmitted && { onSubmitted }) });
    } catch (error) {
      if (!isOfTheFile(error)) throw error;
      recordings.push({ fileName: id, outcome: { error: asSottoError(error).toJobError() } });
    }
  }
  return recordings;
}
