import { SottoError } from '@sotto/contracts';
import { errorCodeOf } from '@sotto/runtime';

const FULL = ['ENOSPC', 'EDQUOT', 'EFBIG'];

/** A file system error as what it means for the job; errors of ours pass unchanged. */
function storageError(error: unknown): SottoError {
  if (error instanceof SottoError) return error;
  const code = errorCodeOf(error);
  if (code === 'ENOENT') return blobMissing(error);
  return code !== null && FULL.includes(code) ? storageFull(error) : storageUnavailable(error);
}

export const blobMissing = (cause?: unknown): SottoError =>
  new SottoError('blob_missing', 'The stored recording is missing.', { cause });

export const storageFull = (cause?: unknown): SottoError =>
  new SottoError('disk_full', 'The storage has no room left.', { cause, retryAfterSeconds: 60 });

export const storageUnavailable = (cause: unknown): SottoError =>
  new SottoError('storage_unavailable', 'The storage did not answer as it should.', { cause, retryAfterSeconds: 10 });

/** Runs one storage operation; whatever it throws comes out as a SottoError. */
export async function guarded<T>(operation: () => Promise<T>): Promise<T> {
  try {
    return await operation();
  } catch (error) {
    throw storageError(error);
  }
}

/** The same for what writes: there, something missing is a place to write to. */
export async function guardedWrite<T>(operation: () => Promise<T>): Promise<T> {
  try {
    return await guarded(operation);
  } catch (error) {
    throw error instanceof SottoError && error.code === 'blob_missing' ? storageUnavailable(error) : error;
  }
}
