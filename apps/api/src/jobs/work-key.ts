import { createHash } from 'node:crypto';
import type { RunOptions } from '@sotto/contracts';

export interface WorkIdentity {
  /** Of the uploaded bytes. */
  sha256: string;
  /** `model` already resolved. */
  options: RunOptions;
  /** Of the model file; null when no worker has told it. */
  modelDigest: string | null;
  /** Keys never share results. */
  keyId: string | null;
}

/** Equal for two requests exactly when they would get the same text: the field order of an object does not matter. */
export function workKeyOf({ sha256, options, modelDigest, keyId }: WorkIdentity): string {
  const canonical = Object.entries(options).sort(([a], [b]) => (a < b ? -1 : 1));
  return createHash('sha256')
    .update(JSON.stringify([sha256, canonical, modelDigest, keyId]))
    .digest('hex');
}
