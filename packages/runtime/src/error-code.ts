import { types } from 'node:util';

/** The code that Node.js gives an error, such as `ENOENT`; null: it has none. */
export function errorCodeOf(error: unknown): string | null {
  return types.isNativeError(error) && 'code' in error && typeof error.code === 'string' ? error.code : null;
}
