import { SottoError } from '@sotto/contracts';

const RETRY_SECONDS = 60;

/** What scripts report as `key_disk`: an API key keeps as much on disk as it may. */
export function keyDiskFull([held, limit]: [number, number]): SottoError {
  return new SottoError(
    'key_full',
    `The uploads and unfinished recordings of this key take ${held} of the ${limit} bytes that it may keep.`,
    { fields: { held_bytes: held, limit_bytes: limit }, retryAfterSeconds: RETRY_SECONDS },
  );
}
