import { asSottoError } from '@sotto/contracts';
import type { ReceivedUpload } from '../uploads/receive.ts';
import type { StagedFile } from '../uploads/staged-file.ts';
import { isOfTheFile, type ReceivedRecording } from './receive-files.ts';

/** Makes a file durable on behalf of the batch. */
export type Keep = (file: StagedFile) => Promise<void>;

/**
 * A recording that a batch names instead of sending it. One that cannot be fetched is an item with its error.
 *
 * @param named what is known before it is fetched.
 * @throws SottoError that is our own fault; ClientGone.
 */
export async function namedRecording(
  named: Pick<ReceivedRecording, 'fileName' | 'url'>,
  take: () => Promise<Omit<ReceivedUpload, 'fields'>>,
  keep: Keep,
): Promise<ReceivedRecording> {
  try {
    const { file, ...taken } = await take();
    await keep(file);
    return { ...named, ...taken, outcome: { file } };
  } catch (error) {
    if (!isOfTheFile(error)) throw error;
    return { ...named, outcome: { error: asSottoError(error).toJobError() } };
  }
}
