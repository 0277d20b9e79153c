import { RestError } from '@azure/storage-blob';
import { SottoError } from '@sotto/contracts';
import { blobMissing, storageUnavailable } from '../storage-error.ts';

const MISSING = 404;
const BEYOND_END = 416;

const statusOf = (error: unknown): number | null => (error instanceof RestError ? (error.statusCode ?? null) : null);

/** A container that is not there is no missing blob. */
export const isMissing = (error: unknown): boolean =>
  statusOf(error) === MISSING && (error as RestError).code !== 'ContainerNotFound';

export const isBeyondEnd = (error: unknown): boolean => statusOf(error) === BEYOND_END;

export function azureError(error: unknown): SottoError {
  if (error instanceof SottoError) return error;
  return isMissing(error) ? blobMissing(error) : storageUnavailable(error);
}

/** Runs one storage operation; whatever it throws comes out as a SottoError. */
export async function guardedAzure<T>(operation: () => Promise<T>): Promise<T> {
  try {
    return await operation();
  } catch (error) {
    throw azureError(error);
  }
}
