import {
  type RecordingSource,
  type SliceableSource,
  type SottoClient,
  SottoError,
  type StoredUpload,
  type UploadProgress,
} from '@sotto/client';
import { fileSource } from '@sotto/client/node';
import type { RememberedUploads } from './remembered-uploads.ts';

/** Where recordings go. */
export interface Destination {
  client: SottoClient;
  /** Of a service that was named by its address; null: it runs here, and recordings go there in one piece. */
  uploads: RememberedUploads | null;
}

export interface Sending extends Destination {
  signal: AbortSignal;
  onProgress?: (progress: UploadProgress) => void;
  /** The connection broke; it is tried again. */
  onRetry?: (failure: Error) => void;
  /** Part of the recording is there, and the next run can continue with it. */
  onLeftBehind?: () => void;
}

/** What a broken connection may cost; larger recordings are sent in pieces. */
const LARGE_BYTES = 16 * 1024 * 1024;

/**
 * A recording as the service is to get it: a large one is sent there now, over as many connections as it takes, from where
 * an earlier run was interrupted; any other is sent with the request.
 * @throws SottoError of the service, ConnectionError, the reason of the signal
 */
export async function preparedSource(path: string, sending: Sending): Promise<RecordingSource> {
  const file = await fileSource(path);
  if (sending.uploads === null || file.bytes < LARGE_BYTES) return file;
  let isBegun = false;
  const onBegun = (): void => {
    isBegun = true;
  };
  try {
    return await sendInPieces(path, file, sending.uploads, sending, onBegun);
  } catch (error) {
    // An older service, or a proxy that lets only some addresses through.
    if (hasCode(error, 'not_found')) return file;
    if (isBegun) sending.onLeftBehind?.();
    throw error;
  }
}

async function sendInPieces(
  path: string,
  file: SliceableSource,
  uploads: RememberedUploads,
  { client, signal, onProgress, onRetry }: Sending,
  onBegun: () => void,
): Promise<StoredUpload> {
  const options = {
    signal,
    ...(onProgress && { onUploadProgress: onProgress }),
    ...(onRetry && { onRetry }),
    onBegun: (uploadId: string) => {
      onBegun();
      void uploads.remember(path, uploadId);
    },
  };
  const uploadId = await uploads.find(path);
  if (uploadId !== null) {
    try {
      return await client.uploads.send(file, { ...options, uploadId });
    } catch (error) {
      if (!hasCode(error, 'upload_not_found')) throw error;
    }
  }
  return client.uploads.send(file, options);
}

/** Whether `error` says that an upload cannot be used any more: it was, or it is forgotten. */
export const isSpent = (error: unknown): boolean => hasCode(error, 'upload_used') || hasCode(error, 'upload_not_found');

const hasCode = (error: unknown, code: string): boolean => error instanceof SottoError && error.code === code;
