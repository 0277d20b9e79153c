import { type ErrorCode, SottoError } from '@sotto/contracts';
import type { BlobStore } from '@sotto/storage';
import type { Principal } from '../http/principal.ts';
import { cleanFileName } from '../uploads/file-name.ts';
import type { ReceivedUpload } from '../uploads/receive.ts';
import { stageFile } from '../uploads/staged-file.ts';
import { findItem, itemParams } from './find-item.ts';
import type { LibraryStore } from './library-store.ts';

export interface KeptRecordingDeps {
  library: LibraryStore;
  storage: BlobStore;
  maxFileBytes: number;
}

export const KEPT_RECORDING_ERRORS: ErrorCode[] = ['item_not_found', 'audio_not_kept'];

/**
 * The recording of an item as a file like any other, with the limits and checks of an upload: what is made of it is a job of
 * whoever asks.
 *
 * @param id as a client wrote it.
 * @throws SottoError `item_not_found`, `audio_not_kept`, `library_off`, `library_unavailable`, those of stageFile.
 */
export async function keptRecording(
  id: string,
  principal: Principal,
  { library, storage, maxFileBytes }: KeptRecordingDeps,
): Promise<Omit<ReceivedUpload, 'fields'>> {
  const { item } = await findItem(itemParams.parse({ id }).id, principal, 'read', library);
  if (item.audioKey === null) throw new SottoError('audio_not_kept', 'There is no recording of this item.');
  const file = await stageFile(await storage.openRead(item.audioKey), { storage, maxFileBytes });
  return { file, fileName: cleanFileName(item.fileName ?? item.title) };
}
