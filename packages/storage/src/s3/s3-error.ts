import { SottoError } from '@sotto/contracts';
import { errorCodeOf } from '@sotto/runtime';
import { blobMissing, storageFull, storageUnavailable } from '../storage-error.ts';

interface S3Failure {
  name: string;
  status: number | null;
}

const MISSING = ['NoSuchKey', 'NotFound', 'NoSuchUpload'];
/** MinIO's and Ceph's; Amazon has none. */
const FULL = ['XMinioStorageFull', 'QuotaExceeded'];

/** What a server answered, or null where it is no answer of one. */
function failureOf(error: unknown): S3Failure | null {
  if (!(error instanceof Error) || !('$metadata' in error)) return null;
  const { httpStatusCode } = error.$metadata as { httpStatusCode?: number };
  return { name: error.name, status: httpStatusCode ?? null };
}

export const isMissing = (error: unknown): boolean => MISSING.includes(failureOf(error)?.name ?? '');
export const isBeyondEnd = (error: unknown): boolean => failureOf(error)?.status === 416;

export function s3Error(error: unknown): SottoError {
  if (error instanceof SottoError) return error;
  const failure = failureOf(error);
  if (isMissing(error)) return blobMissing(error);
  const isFull = FULL.includes(failure?.name ?? '') || failure?.status === 507 || errorCodeOf(error) === 'ENOSPC';
  return isFull ? storageFull(error) : storageUnavailable(error);
}

/** Runs one storage operation; whatever it throws comes out as a SottoError. */
export async function guardedS3<T>(operation: () => Promise<T>): Promise<T> {
  try {
    return await operation();
  } catch (error) {
    throw s3Error(error);
  }
}
