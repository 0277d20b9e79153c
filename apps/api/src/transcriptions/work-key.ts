import { createHash } from 'node:crypto';
import type { RunOptions } from '@sotto/contracts';

export interface WorkIdentity {
  /** Of the uploaded bytes. */
  sha256: string;
  /** `model` already resolved. */
  options: RunOptions;
  /** Keys never share results. */
  keyId: string | null;
}

/**
 * Equal for two requests exactly when they would get the same text from the same model file, which Runs.attach compares:
 * its digest may become known while the work waits for its first worker. The field order of an object does not matter.
 */
export function workKeyOf({ sha256, options, keyId }: WorkIdentity): string {
  const canonical = Object.entries(options).sort(([a], [b]) => (a < b ? -1 : 1));
  return createHash('sha256')
    .update(JSON.stringify([sha256, canonical, keyId]))
    .digest('hex');
}
